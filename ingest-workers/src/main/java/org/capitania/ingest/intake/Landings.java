package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Lets callers wait for a mail that somebody else, usually the sweeper, brings home. */
@ApplicationScoped
class Landings {
    private final Map<UUID, Set<CompletableFuture<EmailRow>>> awaited = new ConcurrentHashMap<>();

    /** Begins to listen; ask for the mail's state after this, so that nothing is missed, and {@link #leave} in the end. */
    CompletableFuture<EmailRow> listen(UUID id) {
        CompletableFuture<EmailRow> landing = new CompletableFuture<>();
        awaited.compute(id, (i, waiting) -> {
            Set<CompletableFuture<EmailRow>> all = waiting == null ? ConcurrentHashMap.newKeySet() : waiting;
            all.add(landing);
            return all;
        });
        return landing;
    }

    void leave(UUID id, CompletableFuture<EmailRow> landing) {
        awaited.computeIfPresent(id, (i, waiting) -> {
            waiting.remove(landing);
            return waiting.isEmpty() ? null : waiting;
        });
    }

    void landed(EmailRow email) {
        tell(email.id(), waiting -> waiting.complete(email));
    }

    void failed(UUID id, RuntimeException why) {
        tell(id, waiting -> waiting.completeExceptionally(why));
    }

    private void tell(UUID id, Consumer<CompletableFuture<EmailRow>> what) {
        Set<CompletableFuture<EmailRow>> waiting = awaited.remove(id);
        if (waiting != null) {
            waiting.forEach(what);
        }
    }

    /** The mail once it has landed; empty when the time is over, the failure when it was given up. */
    static Optional<EmailRow> await(CompletableFuture<EmailRow> landing, Duration patience) {
        try {
            return Optional.of(landing.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
