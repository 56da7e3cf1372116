package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** The calls this process is running now; whoever repeats one waits for it here. */
@ApplicationScoped
class RunningCalls {
    private record Key(String tenant, String callId) {}

    private final Map<Key, CompletableFuture<JournalRow>> running = new ConcurrentHashMap<>();

    void begin(String tenant, String callId) {
        running.put(new Key(tenant, callId), new CompletableFuture<>());
    }

    /** Begins it unless it is running here already; whether it did. */
    boolean beginAlone(String tenant, String callId) {
        return running.putIfAbsent(new Key(tenant, callId), new CompletableFuture<>()) == null;
    }

    /** Ends it for those who wait; a call that ended in an error leaves them to read the journal again. */
    void end(String tenant, String callId, Optional<JournalRow> row) {
        CompletableFuture<JournalRow> future = running.remove(new Key(tenant, callId));
        if (future != null) {
            row.ifPresentOrElse(future::complete, () -> future.cancel(false));
        }
    }

    boolean has(String tenant, String callId) {
        return running.containsKey(new Key(tenant, callId));
    }

    /** Waits until the call ends here, or for {@code millis}; the journal tells what became of it. */
    void await(String tenant, String callId, long millis) {
        CompletableFuture<JournalRow> future = running.getOrDefault(new Key(tenant, callId), new CompletableFuture<>());
        try {
            future.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | java.util.concurrent.CancellationException e) {
            // The caller looks at the journal, which is what counts.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "interrupted while call " + callId + " was running", e);
        }
    }

    /** Tenant to the ids of its running calls. */
    Map<String, List<String>> all() {
        Map<String, List<String>> all = new HashMap<>();
        running.keySet()
                .forEach(k ->
                        all.computeIfAbsent(k.tenant(), t -> new ArrayList<>()).add(k.callId()));
        return all;
    }
}
