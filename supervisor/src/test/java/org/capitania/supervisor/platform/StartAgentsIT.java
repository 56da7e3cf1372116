package org.capitania.supervisor.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.Json;
import org.capitania.contract.api.AgentView.State;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetStanding.Amount;
import org.capitania.supervisor.SupervisorIT;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents whose process is gone, and a program in the place of {@code hq} that is told to start them. */
@QuarkusTest
class StartAgentsIT extends SupervisorIT {
    @ConfigProperty(name = "hq.platform.launcher")
    Path launcher;

    private int before;

    @BeforeEach
    void goAway() {
        registerChief();
        sql("UPDATE fleet.agents SET last_seen_at = now() - interval '1 hour' WHERE tenant_id = 'main'");
        before = told().size();
    }

    private List<String> told() {
        Path file = launcher.resolveSibling("told");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> news() {
        return told().subList(before, told().size());
    }

    private static int starts(String role) {
        return count("SELECT starts FROM fleet.agents WHERE tenant_id = 'main' AND role = '" + role + "'");
    }

    @Test
    void shouldStartAStoppedAgentWhenAWakeIsDueForItAndWakeItOnceItIsThere() {
        await().atMost(PATIENCE).until(() -> agent("chief").state() == State.STOPPED);
        assertThat(news()).as("nothing is due").isEmpty();

        mail(conversation());

        await().atMost(PATIENCE).until(() -> !news().isEmpty());
        assertThat(news().getFirst()).isEqualTo("_service start agent-chief no build: 1");
        assertThat(wakes().getFirst().heldReason()).contains("no process of chief");
        registerChief();
        awaitWake(1);
        assertThat(starts("chief")).isZero();
    }

    @Test
    void shouldTryAFewTimesAndThenWaitForAPerson() {
        mail(conversation());

        await().atMost(PATIENCE).until(() -> news().size() == 3);
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> news().size() == 3);
        as("user:owner").post("/v1/agents/chief/restart").then().statusCode(200);
        await().atMost(PATIENCE).until(() -> news().size() > 3);
    }

    @Test
    void shouldLeaveAPausedAgentStopped() {
        as("user:owner").post("/v1/agents/chief/pause").then().statusCode(200);

        mail(conversation());

        await().atMost(PATIENCE).until(() -> wakes().stream().anyMatch(w -> w.heldReason() != null));
        assertThat(wakes().getFirst().heldReason()).startsWith("paused by");
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> news().isEmpty());
        assertThat(starts("chief")).isZero();
    }

    @Test
    void shouldStartNobodyForWorkThatIsHeldAllTheSame() {
        Amount amount = new Amount(BigDecimal.TEN, BigDecimal.TEN, Instant.EPOCH);
        AtomicReference<BudgetStanding.@Nullable Hold> hold =
                new AtomicReference<>(new BudgetStanding.Hold("budget_exhausted", "all of it is spent", null));
        peers.on(
                "GET",
                "/v1/budgets/chief",
                request -> new BudgetStanding("chief", hold.get(), false, false, amount, amount));

        mail(conversation());

        await().atMost(PATIENCE).until(() -> wakes().stream().anyMatch(w -> w.heldReason() != null));
        assertThat(wakes().getFirst().heldReason()).isEqualTo("all of it is spent");
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> news().isEmpty());
        hold.set(null);
        await().atMost(PATIENCE).until(() -> !news().isEmpty());
    }

    @Test
    void shouldStartAStoppedAgentThatIsAsked() {
        register("operator");
        sql("UPDATE fleet.agents SET last_seen_at = now() - interval '1 hour' WHERE tenant_id = 'main'");
        as("user:owner")
                .body(Json.write(Map.of("kind", "ask", "to", "operator", "text", "Are you there?", "timeout_ms", 1500)))
                .post("/v1/messages")
                .then()
                .statusCode(504);

        assertThat(news()).contains("_service start agent-operator no build: 1");
    }

    @Test
    void shouldShowTheFiguresOfTheSeedsByTheirNames() {
        assertThat(as("user:owner").get("/q/metrics").asString())
                .contains("supervisor_agents_warm{agent=\"chief\"")
                .contains("supervisor_events_queued{agent=\"operator\"")
                .contains("supervisor_wakes_total{agent=\"operator\"")
                .contains("supervisor_ram_aware_holds_total{")
                .contains("supervisor_agent_stops_total{agent=\"chief\"");
    }
}
