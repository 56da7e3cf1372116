package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.servicekit.Scope;
import org.junit.jupiter.api.Test;

class SettlementsTest {
    private static final Scope SCOPE = Scope.of("main", "agent:chief", "test");

    private final Settlements settlements = new Settlements();

    @Test
    void shouldKeepWhoAddsUpWaitingAndNobodyElse() throws Exception {
        // Given
        CompletableFuture<Void> store = new CompletableFuture<>();
        AtomicInteger settled = new AtomicInteger();
        settlements.begin(call("c1"), () -> {
            store.join();
            settled.incrementAndGet();
        });
        settlements.begin(call("c2"), () -> {
            throw new IllegalStateException("the store is away");
        });
        // When
        settlements.await(SCOPE, "operator");
        settlements.await(Scope.of("other", "agent:chief", "test"), "chief");
        CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> settlements.await(SCOPE, "chief"));
        // Then
        assertThat(waits).isNotDone();
        store.complete(null);
        waits.get(10, TimeUnit.SECONDS);
        assertThat(settled).hasValue(1);
        settlements.await(SCOPE, "chief");
    }

    private static ModelCall call(String id) {
        return new ModelCall(
                id,
                id,
                SCOPE,
                "chief",
                "s1",
                "t1",
                "r1",
                1,
                "anthropic",
                "claude",
                false,
                0,
                0,
                Instant.parse("2026-11-22T10:00:00Z"),
                null);
    }
}
