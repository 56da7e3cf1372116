package org.capitania.chief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.capitania.contract.event.AgentSession;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A question that nobody goes on with leaves no session open, so that whoever watches the agent sees its end. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "agent-chief"), @ResourceArg(name = "peers", value = "fake")
        })
class DroppedAsksIT {
    private static final Scope SCOPE = Scope.of("main", "agent:chief", "test");

    @Inject
    Sql sql;

    @Inject
    Loops loops;

    private FakeFleet fleet;

    @BeforeEach
    void start() {
        fleet = new FakeFleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void shouldCloseWhatNobodyWaitsForAnyMoreAndNothingElse() {
        // Given: a question of long ago, one of now, and a task of long ago
        String dropped = session("ask", 11);
        String young = session("ask", 9);
        String task = session("task", 11);
        try (EventTail tail = EventTail.fromNow("hq.agent")) {
            // When
            loops.wake("dropped-asks");
            // Then
            AgentSession closed = tail.await(AgentSession.CLOSED, e -> e.key().equals(dropped))
                    .as(AgentSession.class);
            assertThat(closed.outcome()).isEqualTo("failed");
            assertThat(closed.reasonClosed()).contains("nobody waits for the answer any more");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> !open(dropped));
        assertThat(open(young)).isTrue();
        assertThat(open(task)).as("a task waits for its next run").isTrue();
    }

    private String session(String purpose, int minutesAgo) {
        String id = UUID.randomUUID().toString();
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO sessions (session_id, task_id, run_id, purpose, opened_at)
                        VALUES ($1, $1, 'run-1', $2, clock_timestamp() - make_interval(mins => $3))
                        """, id, purpose, minutesAgo));
        return id;
    }

    private boolean open(String session) {
        return sql.<Boolean>tx(
                SCOPE,
                tx -> tx.one("SELECT closed_at IS NULL AS open FROM sessions WHERE session_id = $1", session)
                        .orElseThrow()
                        .getBoolean("open"));
    }
}
