package org.capitania.registry.models;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.capitania.servicekit.Scope;

/**
 * Settles calls of models beside their callers: an answer that is whole is not held back until its cost is written. Until then what was set
 * aside counts; whoever adds up what an agent has spent waits first. One that fails, or dies with the process, stays set aside.
 */
@ApplicationScoped
public class Settlements {
    private static final long LONGEST_GOODBYE_SECONDS = 5;

    private record Agent(String tenant, String role) {}

    private final Map<Agent, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    /** Begins one. */
    void begin(ModelCall call, Runnable settle) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        underWay.merge(
                new Agent(call.scope().tenant(), call.role()),
                one,
                (before, added) -> before.isDone() ? added : CompletableFuture.allOf(before, added));
        Thread.ofVirtual().name("settle-" + call.callId()).start(() -> {
            try {
                settle.run();
            } catch (RuntimeException e) {
                Log.warnf(e, "a model call is settled later, as lost call=%s", call.callId());
            } finally {
                one.complete(null);
            }
        });
    }

    /** Waits for those of an agent that have begun. */
    public void await(Scope scope, String role) {
        CompletableFuture<Void> begun = underWay.get(new Agent(scope.tenant(), role));
        if (begun != null) {
            begun.join();
        }
    }

    /** The store is still there. */
    void stop(@Observes @Priority(1) ShutdownEvent event) {
        var unused = CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
