package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetStanding.Amount;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.AgentWake;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Wakes whose agent could call no model: they wait where everybody sees why, and nothing is lost. */
@QuarkusTest
class HeldWakesIT extends SupervisorIT {
    private static final Instant MIDNIGHT = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void shouldHoldEverythingWithItsReasonWhileTheProviderRefusesOurKey() {
        // Given
        gatewaySays(new BudgetStanding.Hold("provider_rejected", "anthropic refuses our key", null));
        registerChief();
        // When
        String first = mail(conversation());
        await().atMost(PATIENCE)
                .until(() -> "anthropic refuses our key".equals(agent("chief").held()));
        String second = mail(conversation());
        awaitRouted(second);
        // Then
        assertThat(awaitWakeState("open").heldReason()).isEqualTo("anthropic refuses our key");
        assertThat(count("SELECT count(*) FROM fleet.runs")).isZero();
        assertThat(peers.requests("POST", "/v1/fences")).isEmpty();
        // And when the key works
        gatewaySays(null);
        AgentWake wake = claim(awaitWake(1));
        assertThat(eventsOf(wake)).containsExactly(first, second);
        assertThat(agent("chief").held()).isNull();
        finish(wake);
    }

    @Test
    void shouldStartNoSecondRunForATaskThatWasFrozenUntilTheAgentMaySpendAgain() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        gatewaySays(new BudgetStanding.Hold("budget_exhausted", "7 of 7 USD are spent today", MIDNIGHT));
        complete(
                        wake,
                        RunComplete.Outcome.FINISHED,
                        new TaskOutcome(wake.tasks().getFirst().taskId(), TaskOutcome.Outcome.FROZEN, "spent"))
                .then()
                .statusCode(200);
        as("user:owner").post("/v1/agents/chief/resume").then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .until(() -> ("7 of 7 USD are spent today; held until " + MIDNIGHT)
                        .equals(agent("chief").held()));
        assertThat(count("SELECT count(*) FROM fleet.runs")).isEqualTo(1);
        gatewaySays(null);
        finish(claim(awaitWake(2)));
        assertThat(strings("SELECT state || ' ' || attempts FROM fleet.tasks")).containsExactly("finished 0");
    }

    @Test
    void shouldWaitUntilTheTimeThatAFrozenTaskNames() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        String task = wake.tasks().getFirst().taskId();
        // When
        complete(
                        wake,
                        RunComplete.Outcome.FINISHED,
                        new TaskOutcome(task, TaskOutcome.Outcome.FROZEN, "12 of 12 large turns", MIDNIGHT))
                .then()
                .statusCode(200);
        // Then
        assertThat(count("SELECT count(*) FROM fleet.tasks WHERE not_before = '2030-01-01T00:00:00Z'"))
                .isEqualTo(1);
        assertThat(awaitWakeState("open").notBefore()).isEqualTo(MIDNIGHT);
        // And others of its agent go on
        String next = mail(conversation());
        finish(claim(chief.await(
                        AgentWake.TYPE, e -> eventsOf(e.as(AgentWake.class)).contains(next))
                .as(AgentWake.class)));
        assertThat(count("SELECT count(*) FROM fleet.tasks WHERE not_before = '2030-01-01T00:00:00Z'"))
                .isEqualTo(1);
    }

    @Test
    void shouldNameAPersonOnceWhenATaskCanNeverPass() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        String task = wake.tasks().getFirst().taskId();
        // When
        complete(
                        wake,
                        RunComplete.Outcome.FINISHED,
                        new TaskOutcome(task, TaskOutcome.Outcome.GIVEN_UP, "provider_bad_request: 400"))
                .then()
                .statusCode(200);
        // Then
        AgentTaskFailed failed =
                chief.await(AgentTaskFailed.TYPE, e -> e.key().equals(task)).as(AgentTaskFailed.class);
        assertThat(failed.person()).isEqualTo("user:owner");
        assertThat(failed.reason()).isEqualTo("provider_bad_request: 400");
        assertThat(strings("SELECT state || ' ' || attempts FROM fleet.tasks")).containsExactly("failed 1");
        // And it is quiet
        String next = mail(conversation());
        finish(claim(chief.await(
                        AgentWake.TYPE, e -> eventsOf(e.as(AgentWake.class)).contains(next))
                .as(AgentWake.class)));
        assertThat(chief.ofType(AgentTaskFailed.TYPE)).hasSize(1);
    }

    @Test
    void shouldHoldOnlyWhatCanWaitWhenTheBreakerHasTripped() {
        // Given
        gatewaySays(null, true);
        register("chief", new Trigger("kb.ingest.completed", null), new Trigger("owner.dm", null));
        // When
        awaitRouted(Events.publish("kb.ingest.completed", "k-1", Map.of("id", "k-1")));
        await().atMost(PATIENCE)
                .until(() -> String.valueOf(agent("chief").held()).startsWith("nine tenths"));
        String dm = Events.publish("owner.dm", "m-1", Map.of("text", "hello"));
        // Then
        AgentWake wake = claim(chief.await(AgentWake.TYPE).as(AgentWake.class));
        assertThat(eventsOf(wake)).containsExactly(dm);
        finish(wake);
        assertThat(strings("SELECT state FROM fleet.tasks ORDER BY opened_at")).containsExactly("queued", "finished");
        // And it goes on in a month with money
        gatewaySays(null);
        finish(claim(
                chief.await(AgentWake.TYPE, e -> !e.as(AgentWake.class).runId().equals(wake.runId()))
                        .as(AgentWake.class)));
    }

    private void gatewaySays(BudgetStanding.@Nullable Hold hold) {
        gatewaySays(hold, false);
    }

    private void gatewaySays(BudgetStanding.@Nullable Hold hold, boolean breaker) {
        Amount amount = new Amount(BigDecimal.ONE, BigDecimal.TEN, MIDNIGHT);
        peers.on(
                "GET",
                "/v1/budgets/.*",
                request -> new BudgetStanding("chief", hold, breaker, breaker, amount, amount));
    }
}
