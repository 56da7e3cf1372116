package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.RunView;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.AgentWake;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RecoveryIT extends SupervisorIT {
    @Inject
    Dispatcher dispatcher;

    @Test
    void shouldStartANewRunWithAHigherFenceWhenALeaseRanOut() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake first = claim(awaitWake(1));
        // When
        expireLease("chief");
        AgentWake second = awaitWake(2);
        // Then
        assertThat(second.wakeId()).isEqualTo(first.wakeId());
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(second.tasks().getFirst().taskId())
                .isEqualTo(first.tasks().getFirst().taskId());
        assertThat(second.reason()).contains("lost");
        // What the old run says changes nothing.
        complete(first, RunComplete.Outcome.FINISHED).then().statusCode(409);
        assertThat(heartbeat(first, new RunHeartbeat(first.fence(), 9L, null, null))
                        .path("code")
                        .toString())
                .isEqualTo("lease_lost");
        assertThat(heartbeat(second, new RunHeartbeat(first.fence(), 9L, null, null))
                        .path("code")
                        .toString())
                .isEqualTo("fenced");
        finish(claim(second));
        assertThat(strings("SELECT state FROM fleet.tasks")).containsExactly("finished");
    }

    @Test
    void shouldNotLoseALeaseThatIsRenewedBeforeItIsMissed() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        String before = strings("SELECT expires_at FROM fleet.leases WHERE tenant_id = 'main' AND role = 'chief'")
                .getFirst();
        // When
        renewed(wake);
        // Then
        assertThat(strings("SELECT expires_at FROM fleet.leases WHERE tenant_id = 'main' AND role = 'chief'")
                        .getFirst())
                .isGreaterThan(before);
        assertThat(count("SELECT count(*) FROM fleet.runs")).isEqualTo(1);
    }

    @Test
    void shouldGiveUpAfterFiveAttemptsTellOnceAndBeQuiet() {
        // Given
        registerChief();
        mail(conversation());
        // When
        AgentWake last = null;
        for (int attempt = 1; attempt <= 5; attempt++) {
            last = claim(awaitWake(attempt));
            expireLease("chief");
        }
        // Then
        AgentTaskFailed failed = chief.await(AgentTaskFailed.TYPE).as(AgentTaskFailed.class);
        assertThat(failed.person()).isEqualTo("user:owner");
        assertThat(failed.attempts()).isEqualTo(5);
        assertThat(failed.taskId()).isEqualTo(last.tasks().getFirst().taskId());
        assertThat(chief.await(AgentTaskFailed.GIVEN_UP, e -> e.key().equals("chief"))
                        .as(AgentTaskFailed.class))
                .isEqualTo(failed);
        assertThat(awaitWakeState("failed").tasks().getFirst().person()).isEqualTo("user:owner");
        // A later mail of the conversation gets a task of its own; nothing is said about the old one again.
        finish(claim(wakeFor(mail(conversation()))));
        assertThat(chief.ofType(AgentTaskFailed.TYPE)).hasSize(1);
        assertThat(count("SELECT count(*) FROM fleet.runs WHERE state = 'lost'"))
                .isEqualTo(5);
    }

    @Test
    void shouldNotReportAFailureToHandleAnIncident() {
        // Given
        register("operator", new org.capitania.contract.api.RegisterAgent.Trigger("agent_incident.created", null));
        Events.publish("agent_incident.created", "x-1", java.util.Map.of("incident_id", "x-1"));
        // When
        for (int attempt = 1; attempt <= 5; attempt++) {
            int wanted = attempt;
            AgentWake wake = chief.await(
                            AgentWake.TYPE, e -> e.as(AgentWake.class).attempt() == wanted)
                    .as(AgentWake.class);
            claim(wake);
            complete(
                            wake,
                            RunComplete.Outcome.FAILED,
                            new TaskOutcome(wake.tasks().getFirst().taskId(), TaskOutcome.Outcome.FAILED, "no"))
                    .then()
                    .statusCode(200);
        }
        // Then
        assertThat(strings("SELECT state FROM fleet.tasks")).containsExactly("failed");
        assertThat(chief.ofType(AgentTaskFailed.TYPE)).isEmpty();
    }

    @Test
    void shouldCountNoAttemptWhenTheProcessGaveTheRunUp() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        complete(wake, RunComplete.Outcome.LOST).then().statusCode(200);
        // Then
        AgentWake again = awaitWake(2);
        assertThat(strings("SELECT attempts FROM fleet.tasks")).containsExactly("0");
        finish(claim(again));
    }

    @Test
    void shouldStopARunThatTheWatchdogFindsStuckAndCountIt() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        as("system:watchdog")
                .body("{\"reason\":\"no step for ten minutes\"}")
                .post("/v1/runs/" + wake.runId() + "/stop")
                .then()
                .statusCode(204);
        as("agent:operator")
                .body("{\"reason\":\"x\"}")
                .post("/v1/runs/" + wake.runId() + "/stop")
                .then()
                .statusCode(403);
        // Then
        assertThat(renewed(wake).command()).isEqualTo(RunHeartbeat.Command.STOP);
        complete(wake, RunComplete.Outcome.FAILED).then().statusCode(200);
        awaitWake(2);
        assertThat(strings("SELECT attempts FROM fleet.tasks")).containsExactly("1");
        RunView run = org.capitania.contract.Json.read(
                        as("user:owner").get("/v1/runs?state=failed").asString(), RunView.Page.class)
                .items()
                .getFirst();
        assertThat(run.reason()).contains("no step for ten minutes");
    }

    @Test
    void shouldMakeOneRunWhenManyDispatchersRaceForAWake() throws Exception {
        // Given
        registerChief();
        List<String> sent = new ArrayList<>();
        // When
        try (ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 5; round++) {
                sent.add(mail(conversation()));
                List<Future<?>> rounds = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    rounds.add(racers.submit(() -> dispatcher.round("main")));
                }
                for (Future<?> one : rounds) {
                    one.get();
                }
                finish(claim(wakeFor(sent.getLast())));
            }
        }
        // Then
        assertThat(count("SELECT count(*) FROM fleet.runs")).isEqualTo(5);
        await().atMost(PATIENCE).until(() -> chief.ofType(AgentWake.TYPE).size() == 5);
        assertThat(chief.ofType(AgentWake.TYPE).stream()
                        .map(e -> e.as(AgentWake.class).fence()))
                .doesNotHaveDuplicates();
    }

    private AgentWake wakeFor(String event) {
        return chief.await(AgentWake.TYPE, e -> eventsOf(e.as(AgentWake.class)).contains(event))
                .as(AgentWake.class);
    }
}
