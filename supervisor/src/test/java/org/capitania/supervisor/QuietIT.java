package org.capitania.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.servicekit.CommitListeners;
import org.junit.jupiter.api.Test;

/** A supervisor that has nothing to do looks, and writes nothing: each commit wakes the relay of the outbox. */
@QuarkusTest
class QuietIT extends SupervisorIT {
    @Inject
    CommitListeners listeners;

    @Test
    void shouldCommitNothingWhileNothingIsDue() {
        // Given: presence and plans have settled after the tests before
        AtomicInteger commits = new AtomicInteger();
        listeners.add(commits::incrementAndGet);
        AtomicInteger before = new AtomicInteger(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(3))
                .until(() -> before.getAndSet(commits.get()) == commits.get());
        int settled = commits.get();
        // When: every loop has looked at each tenant more than once
        int rounds = peers.requests("POST", "/v1/heartbeats").size();
        await().atMost(PATIENCE)
                .until(() -> peers.requests("POST", "/v1/heartbeats").size() >= rounds + 6);
        // Then
        assertThat(commits.get()).isEqualTo(settled);
    }
}
