package org.capitania.chief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.event.AgentSession;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody goes on with, a question or a task that was given up, leaves no session open, so that whoever watches the agent sees its end. */
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

    @Inject
    SessionStore store;

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

    @Test
    void shouldPutAwayWhatIsOpenOfATaskThatWasGivenUp() {
        // Given: a session that was in its work, one that had not begun, and one of another task
        String atWork = session("task", 3);
        Opened opened = new Opened(Purpose.TASK, "chief", "rehearsal", "v1", "", "", List.of());
        store.append(new Ticket("main", "chief", atWork, atWork, "run-1", 1), 0, List.of(opened));
        String unbegun = session("task", 3);
        String other = session("task", 3);
        try (EventTail tail = EventTail.fromNow("hq.agent")) {
            // When
            for (String task : List.of(atWork, unbegun, atWork)) {
                Events.publish(
                        "hq.agent.chief",
                        "fleet:" + UUID.randomUUID(),
                        AgentTaskFailed.GIVEN_UP,
                        "main",
                        "chief",
                        new AgentTaskFailed(task, "chief", null, 5, "user:owner", "no heartbeat came"));
            }
            // Then
            tail.await(AgentSession.CLOSED, e -> e.key().equals(unbegun));
            AgentSession closed =
                    tail.await(AgentSession.CLOSED, e -> e.key().equals(atWork)).as(AgentSession.class);
            assertThat(closed.outcome()).isEqualTo("failed");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> !open(atWork) && !open(unbegun));
        assertThat(open(other)).isTrue();
        // And: a later run tells tool-registry of what had begun there, with the word why there is no memory
        assertThat(text("unaccepted", atWork)).startsWith("given_up");
        assertThat(text("unaccepted", unbegun)).isNull();
        assertThat(text("reason", atWork)).isEqualTo("given up after 5 attempts: no heartbeat came");
        Transcript transcript =
                new Transcript(atWork, store.entries(new Ticket("main", "chief", atWork, atWork, "run-1", 1)));
        assertThat(transcript.all(Remembered.class))
                .singleElement()
                .satisfies(left -> assertThat(left.snapshot().none()).contains("given up"));
    }

    private String text(String column, String session) {
        return sql.<String>tx(
                SCOPE,
                tx -> tx.one("SELECT " + column + " AS text FROM sessions WHERE session_id = $1", session)
                        .orElseThrow()
                        .getString("text"));
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
