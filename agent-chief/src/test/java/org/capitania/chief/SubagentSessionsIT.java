package org.capitania.chief;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Service;
import org.capitania.contract.event.SubagentLeaked;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of subagents in the store: nested in their agent's, and found when they are left behind. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "agent-chief"), @ResourceArg(name = "peers", value = "fake")
        })
class SubagentSessionsIT {
    private static final Scope SCOPE = Scope.of("main", "agent:chief", "test");

    @Inject
    Sessions sessions;

    @Inject
    SessionStore store;

    @Inject
    Sql sql;

    @Inject
    Loops loops;

    private final String taskId = UUID.randomUUID().toString();
    private FakeFleet fleet;
    private Ticket parent;
    private Ticket child;

    @BeforeEach
    void start() {
        fleet = new FakeFleet();
        Sessions.Place.In in = (Sessions.Place.In) sessions.forTask(SCOPE, taskId, "run-1", Set.of("e-1"));
        parent = new Ticket("main", "chief", in.sessionId(), taskId, "run-1", 1);
        child = parent.child("sub-" + UUID.randomUUID(), in.sessionId() + ":0:1");
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void shouldCountStartsOfEachFromTheBeginning() {
        assertThat(given().get("/q/metrics").asString())
                .contains("supervisor_subagent_spawns_total{parent=\"chief\",subagent=\"customer-deep-dive\"");
    }

    @Test
    void shouldStandBesideTheSessionThatStartedIt() {
        assertThat(sessions.forSubagent(child, parent.sessionId(), "explore")).isTrue();
        assertThat(sessions.forSubagent(child, parent.sessionId(), "explore")).isFalse();
        // Then: the task goes on in its own session, and is not finished by what a subagent finished
        store.append(child, 0, List.of(new Ended(Ending.FINISHED, "task_complete", "found")));
        assertThat(sessions.forTask(SCOPE, taskId, "run-2", Set.of("e-1")))
                .isInstanceOfSatisfying(
                        Sessions.Place.In.class,
                        in -> assertThat(in.sessionId()).isEqualTo(parent.sessionId()));
        List<String> parents = given().header(
                        "Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.AGENT_CHIEF))
                .get("/v1/sessions?task_id=" + taskId)
                .then()
                .statusCode(200)
                .extract()
                .path("items.parent_session");
        assertThat(parents).containsExactlyInAnyOrder(parent.sessionId(), null);
    }

    @Test
    void shouldBeFoundAndClosedWhenItWasLeftBehind() {
        sessions.forSubagent(child, parent.sessionId(), "explore");
        try (EventTail tail = EventTail.fromNow("hq.agent")) {
            loops.wake("leaked-subagents");
            // When: the session that started it ends, and it does not
            sql.run(SCOPE, tx -> tx.execute("""
                            UPDATE sessions SET ending = 'failed', code = 'x', reason = 'x', closed_at = clock_timestamp()
                             WHERE session_id = $1
                            """, parent.sessionId()));
            loops.wake("leaked-subagents");

            SubagentLeaked leaked = tail.await(
                            SubagentLeaked.TYPE, e -> e.subject().equals(child.sessionId()))
                    .as(SubagentLeaked.class);
            assertThat(leaked)
                    .isEqualTo(new SubagentLeaked(child.sessionId(), parent.sessionId(), taskId, "chief", "explore"));
        }
        org.awaitility.Awaitility.await().untilAsserted(() -> {
            Transcript transcript = new Transcript(child.sessionId(), store.entries(child));
            assertThat(transcript.ended()).map(Ended::code).contains("leaked");
            assertThat(transcript.unaccepted()).as("a later run tells of it").isPresent();
            assertThat(sql.<Boolean>tx(
                            SCOPE,
                            tx -> tx.one(
                                            "SELECT closed_at IS NOT NULL AS closed FROM sessions WHERE session_id = $1",
                                            child.sessionId())
                                    .orElseThrow()
                                    .getBoolean("closed")))
                    .isTrue();
        });
    }
}
