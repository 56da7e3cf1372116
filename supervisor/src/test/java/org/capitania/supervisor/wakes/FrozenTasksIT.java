package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AutonomyThawed;
import org.capitania.contract.event.BudgetRaised;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a cap, a freeze or the gateway stopped, with the waits of a real fleet. */
@QuarkusTest
class FrozenTasksIT extends SupervisorIT {
    private static final Instant MIDNIGHT = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void shouldWaitTwiceAsLongEachTimeWhenATaskStaysFrozen() {
        // Given
        registerChief();
        mail(conversation());
        // When
        List<Integer> pauses = new ArrayList<>();
        for (int run = 1; run <= 10; run++) {
            AgentWake wake = claim(awaitWake(run));
            complete(wake, RunComplete.Outcome.FROZEN).then().statusCode(200);
            pauses.add(pauseAfter(wake));
            assertThat(awaitWakeState("open").heldReason()).contains("a cap or a freeze");
            // A person who has lifted the cap need not wait.
            as("user:owner").post("/v1/agents/chief/resume").then().statusCode(200);
        }
        // Then
        assertThat(pauses).containsExactly(5, 10, 20, 40, 80, 160, 320, 640, 900, 900);
        finish(claim(awaitWake(11)));
        assertThat(strings("SELECT state || ' ' || attempts FROM fleet.tasks")).containsExactly("finished 0");
        assertThat(chief.ofType(AgentTaskFailed.TYPE)).isEmpty();
    }

    @Test
    void shouldLeapOverFencesThatTheGatewayKnowsAndARestoredStoreDoesNot() {
        // Given
        long known = count("SELECT fence FROM fleet.leases WHERE tenant_id = 'main' AND role = 'chief'") + 700;
        peers.on("POST", "/v1/fences", request -> {
            if (request.body().path("fence").asLong() <= known) {
                throw new CapitaniaException(ErrorCode.FENCED, "a higher fence is known");
            }
            return Map.of();
        });
        registerChief();
        // When
        String event = mail(conversation());
        AgentWake wake = claim(awaitWake(2));
        // Then
        assertThat(wake.fence()).isGreaterThan(known);
        assertThat(eventsOf(wake)).containsExactly(event);
        assertThat(strings("SELECT state || ' ' || reason FROM fleet.runs ORDER BY created_at LIMIT 1"))
                .containsExactly("withdrawn gateway: a higher fence is known");
        assertThat(chief.ofType(AgentWake.TYPE))
                .as("the refused run was never published")
                .hasSize(1);
        finish(wake);
    }

    @Test
    void shouldGoOnAtOnceWithWhatAFreezeHeldBackWhenItEnds() {
        // Given: a task that a freeze holds back for long
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        complete(wake, RunComplete.Outcome.FROZEN).then().statusCode(200);
        sql("UPDATE fleet.tasks SET not_before = clock_timestamp() + interval '1 hour';"
                + "UPDATE fleet.wakes SET not_before = clock_timestamp() + interval '1 hour'");
        // When
        Events.publish(
                AutonomyThawed.TYPE,
                "main",
                new AutonomyThawed("user:owner", "looked at", Instant.parse("2026-11-21T10:00:00Z"), List.of("f-1")));
        // Then
        AgentWake next = claim(awaitWake(2));
        assertThat(next.tasks())
                .extracting(AgentWake.AgentTask::taskId)
                .containsExactly(wake.tasks().getFirst().taskId());
        finish(next);
    }

    @Test
    void shouldGoOnAtOnceWhenARunReportsTheFreezeAfterItsEnd() {
        // Given: a run under way when the freeze ends
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        Events.publish(
                AutonomyThawed.TYPE,
                "main",
                new AutonomyThawed("user:owner", "looked at", Instant.parse("2026-11-21T10:00:00Z"), List.of("f-2")));
        await().until(() -> count("SELECT count(*)::int FROM fleet.runs WHERE thawed") == 1);
        // When
        complete(wake, RunComplete.Outcome.FROZEN).then().statusCode(200);
        // Then
        assertThat(pauseAfter(wake)).isZero();
        AgentWake next = claim(awaitWake(2));
        // And when that one is frozen, nobody has thawed it
        complete(next, RunComplete.Outcome.FROZEN).then().statusCode(200);
        assertThat(pauseAfter(next)).isPositive();
        as("user:owner").post("/v1/agents/chief/resume").then().statusCode(200);
        finish(claim(awaitWake(3)));
    }

    @Test
    void shouldGoOnAtOnceWhenAPersonRaisesTheCapOfTheAgent() {
        // Given: a task that waits for money until long from now
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        outOfMoney(wake);
        // When: another agent may spend more
        awaitRouted(raised("operator"));
        // Then
        assertThat(awaitWakeState("open").notBefore()).isEqualTo(MIDNIGHT);
        // When
        raised("chief");
        // Then
        AgentWake next = claim(awaitWake(2));
        assertThat(next.tasks())
                .extracting(AgentWake.AgentTask::taskId)
                .containsExactly(wake.tasks().getFirst().taskId());
        // And a run that was refused before the raise and says so after it goes on as well, here raised for all
        raised(null);
        await().until(() -> count("SELECT count(*)::int FROM fleet.runs WHERE thawed AND ended_at IS NULL") == 1);
        outOfMoney(next);
        finish(claim(awaitWake(3)));
        assertThat(strings("SELECT state || ' ' || attempts FROM fleet.tasks")).containsExactly("finished 0");
    }

    private static void outOfMoney(AgentWake wake) {
        String task = wake.tasks().getFirst().taskId();
        complete(
                        wake,
                        RunComplete.Outcome.FINISHED,
                        new TaskOutcome(task, TaskOutcome.Outcome.FROZEN, "budget_exhausted: 1 of 1 USD", MIDNIGHT))
                .then()
                .statusCode(200);
    }

    private static String raised(@Nullable String agent) {
        return Events.publish(BudgetRaised.TYPE, "main", new BudgetRaised(agent, BigDecimal.TWO, "user:owner"));
    }

    /** The seconds between the end of a run and the time at which its task is due again; none once it is taken up. */
    private static int pauseAfter(AgentWake wake) {
        return count("""
                SELECT coalesce(round(extract(epoch FROM t.not_before - r.ended_at)), 0)::int FROM fleet.tasks t, fleet.runs r
                WHERE t.task_id = '%s' AND r.run_id = '%s'
                """.formatted(wake.tasks().getFirst().taskId(), wake.runId()));
    }
}
