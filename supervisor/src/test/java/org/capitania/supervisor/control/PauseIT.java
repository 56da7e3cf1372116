package org.capitania.supervisor.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.capitania.contract.Service;
import org.capitania.contract.api.AgentView.State;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.contract.event.AgentWake;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PauseIT extends SupervisorIT {

    @Test
    void shouldNotWakeAPausedAgentAndSayWhyItsEventsWait() {
        // Given
        registerChief();
        pause("{\"reason\":\"on holiday\"}");
        // When
        String event = mail(conversation());
        awaitRouted(event);
        // Then
        await().atMost(PATIENCE).until(() -> wakes().stream().anyMatch(w -> w.heldReason() != null));
        assertThat(wakes().getFirst().heldReason()).isEqualTo("paused by user:owner: on holiday");
        assertThat(chief.ofType(AgentWake.TYPE)).isEmpty();
        assertThat(agent("chief").state()).isEqualTo(State.PAUSED);
        assertThat(agent("chief").queued()).isEqualTo(1);
        // And it goes on where it stopped.
        as("user:owner").post("/v1/agents/chief/resume").then().statusCode(200);
        assertThat(eventsOf(awaitWake(1))).containsExactly(event);
    }

    @Test
    void shouldResumeByItselfWhenThePauseWasForATime() {
        // Given
        registerChief();
        pause("{\"for\":\"1s\"}");
        // When
        mail(conversation());
        // Then
        awaitWake(1);
    }

    @Test
    void shouldTellARunThatItsAgentWasPausedAndCountNothingAgainstIt() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        pause("{}");
        // Then
        assertThat(renewed(wake).command()).isEqualTo(RunHeartbeat.Command.STOP);
        complete(wake, RunComplete.Outcome.FAILED).then().statusCode(200);
        assertThat(strings("SELECT attempts || ' ' || state FROM fleet.tasks")).containsExactly("0 queued");
        assertThat(chief.ofType(AgentWake.TYPE)).hasSize(1);
    }

    @Test
    void shouldWithdrawAWakeThatNobodyHasClaimedWhenItsAgentIsPaused() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = awaitWake(1);
        // When
        pause("{}");
        // Then
        assertThat(tryClaim(wake, "chief-1").path("code").toString()).isEqualTo("fenced");
        assertThat(wakes().getFirst().state()).isEqualTo("open");
    }

    @Test
    void shouldRefuseWakesThatAreOnTheTopicAlreadyHoweverOftenTheyCome() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake old = awaitWake(1);
        pause("{}");
        as("user:owner").post("/v1/agents/chief/resume").then().statusCode(200);
        AgentWake current = claim(awaitWake(2));
        // When
        pause("{\"reason\":\"now I mean it\"}");
        // Then
        tryClaim(old, "chief-1").then().statusCode(409);
        assertThat(tryClaim(old, "chief-1").path("code").toString()).isEqualTo("fenced");
        // The process was restarted and finds the run that it had claimed.
        Response again = tryClaim(current, "chief-1");
        assertThat(again.path("code").toString()).isEqualTo("agent_paused");
        assertThat(again.path("detail").toString()).contains("paused by user:owner: now I mean it");
        tryClaim(current, "chief-2").then().statusCode(403);
        assertThat(chief.ofType(AgentWake.TYPE)).hasSize(2);
    }

    @Test
    void shouldLetOnlyAPersonUndoWhatAPersonSaid() {
        // Given
        registerChief();
        pause("{}");
        // When / Then
        as("system:watchdog").post("/v1/agents/chief/resume").then().statusCode(403);
        as("agent:chief").post("/v1/agents/chief/resume").then().statusCode(403);
        as("agent:operator").body("{}").post("/v1/agents/chief/pause").then().statusCode(403);
        // The gateway may stop an agent whose loop was killed, and not wake it again.
        as("system:tool-registry")
                .body("{}")
                .post("/v1/agents/chief/pause")
                .then()
                .statusCode(200);
        as("system:tool-registry").post("/v1/agents/chief/resume").then().statusCode(403);
        as("user:owner").post("/v1/agents/nobody/pause").then().statusCode(404);
        assertThat(agent("chief").state()).isEqualTo(State.PAUSED);
    }

    @Test
    void shouldBeginAgainAtOnceWhenRestarted() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        as("user:owner").post("/v1/agents/chief/restart").then().statusCode(200);
        assertThat(renewed(wake).command()).isEqualTo(RunHeartbeat.Command.STOP);
        complete(wake, RunComplete.Outcome.LOST).then().statusCode(200);
        // Then
        finish(claim(awaitWake(2)));
    }

    @Test
    void shouldDoWhatAnAgentAskedForOnceAPersonHasApprovedItAtTheGate() {
        // Given
        registerChief();
        pause("{}");
        String approved =
                "Bearer " + TestTokens.onBehalfOf("system:tool-registry", "agent:operator", Service.SUPERVISOR, "main");
        // When / Then
        for (String what : List.of("resume", "restart", "handover")) {
            as("system:tool-registry").post("/v1/agents/chief/" + what).then().statusCode(403);
            as("agent:operator").post("/v1/agents/chief/" + what).then().statusCode(403);
            io.restassured.RestAssured.given()
                    .contentType("application/json")
                    .header("Authorization", approved)
                    .post("/v1/agents/chief/" + what)
                    .then()
                    .statusCode(200);
        }
        assertThat(agent("chief").state()).isNotEqualTo(State.PAUSED);
    }

    @Test
    void shouldHaveSessionsBegunAnewWhenHandedOverRestartedSoOrStoppedForAFault() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When: handed over
        as("user:owner").post("/v1/agents/chief/handover").then().statusCode(200);
        // Then: the run goes on, and is told a moment, which it is not unless somebody has asked for one
        RunHeartbeat.Renewed handedOver = renewed(wake);
        assertThat(handedOver.command()).isNull();
        assertThat(handedOver.freshFrom()).isNotNull();
        // When: restarted in a fresh session
        as("user:owner")
                .post("/v1/agents/chief/restart?fresh_session=true")
                .then()
                .statusCode(200);
        // Then: it ends, and the next one hears of it as well
        RunHeartbeat.Renewed restarted = renewed(wake);
        assertThat(restarted.command()).isEqualTo(RunHeartbeat.Command.STOP);
        assertThat(restarted.freshFrom()).isAfter(handedOver.freshFrom());
        complete(wake, RunComplete.Outcome.LOST).then().statusCode(200);
        AgentWake next = claim(awaitWake(2));
        assertThat(renewed(next).freshFrom()).isEqualTo(restarted.freshFrom());
        // When: the watchdog stops it
        as("system:watchdog")
                .body("{\"reason\":\"no step for ten minutes\"}")
                .post("/v1/runs/" + next.runId() + "/stop")
                .then()
                .statusCode(204);
        // Then
        assertThat(renewed(next).freshFrom()).isAfter(restarted.freshFrom());
        complete(next, RunComplete.Outcome.FAILED).then().statusCode(200);
        finish(claim(awaitWake(3)));
    }

    @Test
    void shouldAnnounceEveryPresenceOnce() {
        // Given
        registerChief();
        mail(conversation());
        // When
        AgentWake wake = claim(awaitWake(1));
        chief.await(AgentStateChanged.TYPE, e -> to(e.as(AgentStateChanged.class), "warm"));
        finish(wake);
        // Then
        chief.await(AgentStateChanged.TYPE, e -> to(e.as(AgentStateChanged.class), "cooldown"));
        sql("UPDATE fleet.runs SET ended_at = now() - interval '2 minutes'");
        chief.await(AgentStateChanged.TYPE, e -> to(e.as(AgentStateChanged.class), "cold"));
        sql("UPDATE fleet.agents SET last_seen_at = now() - interval '1 hour' WHERE role = 'chief'");
        chief.await(AgentStateChanged.TYPE, e -> to(e.as(AgentStateChanged.class), "stopped"));
        assertThat(as("user:owner").get("/q/metrics").asString())
                .contains("supervisor_agents_warm{agent=\"chief\"")
                .contains("supervisor_events_queued{agent=\"chief\"")
                .contains("supervisor_wakes_total{agent=\"chief\"");
    }

    private static boolean to(AgentStateChanged change, String state) {
        return change.role().equals("chief") && change.state().equals(state);
    }

    private static void pause(String body) {
        as("user:owner").body(body).post("/v1/agents/chief/pause").then().statusCode(200);
    }
}
