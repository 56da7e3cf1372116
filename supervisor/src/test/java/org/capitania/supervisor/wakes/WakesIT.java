package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.FenceRequest;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WakesIT extends SupervisorIT {

    @Test
    void shouldWakeOnceWhenTenEventsComeAtOnce() {
        // Given
        registerChief();
        // When
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sent.add(mail(conversation()));
        }
        sent.forEach(SupervisorIT::awaitRouted);
        AgentWake wake = claim(awaitWake(1));
        // Then
        assertThat(eventsOf(wake)).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(wake.tasks()).hasSize(10);
        finish(wake);
        awaitWakeState("done");
        assertThat(wakes()).hasSize(1);
        assertThat(chief.ofType(AgentWake.TYPE)).hasSize(1);
    }

    @Test
    void shouldFenceAtTheGatewayBeforeItPublishes() {
        // Given
        registerChief();
        // When
        mail(conversation());
        AgentWake wake = awaitWake(1);
        // Then
        FakePeers.Request fence = peers.requests("POST", "/v1/fences").getFirst();
        assertThat(fence.subject()).isEqualTo("system:supervisor");
        FenceRequest body = Json.convert(fence.body(), FenceRequest.class);
        assertThat(body.fence()).isEqualTo(wake.fence());
        assertThat(body.runId()).isEqualTo(wake.runId());
        assertThat(body.kind()).isEqualTo(FenceRequest.Kind.RUN);
        assertThat(body.taskIds()).containsExactly(wake.tasks().getFirst().taskId());
        assertThat(body.taintedTaskIds()).isEqualTo(body.taskIds());
    }

    @Test
    void shouldNotWakeWhenNothingHappensOrNothingMatches() {
        // Given
        registerChief();
        // When
        String ignored = Events.publish("email.received", "c", Map.of("answerable", false, "conversation_id", "c"));
        awaitRouted(ignored);
        // Then
        assertThat(wakes()).isEmpty();
        assertThat(strings("SELECT why FROM fleet.routed_events WHERE event_id = '" + ignored + "' AND role = 'chief'"))
                .containsExactly("trigger email.received wants answerable = true, found false");
        assertThat(chief.ofType(AgentWake.TYPE)).isEmpty();
        assertThat(peers.requests("POST", "/v1/fences")).isEmpty();
    }

    @Test
    void shouldShowLaterEventsWithHeartbeatsUntilTheyAreTaken() {
        // Given
        registerChief();
        String known = conversation();
        mail(known);
        AgentWake wake = claim(awaitWake(1));
        // When
        String sameThread = mail(known);
        String otherThread = mail(conversation());
        awaitRouted(sameThread);
        awaitRouted(otherThread);
        // Then
        RunHeartbeat.Renewed first = renewed(wake);
        assertThat(first.appended()).hasSize(2);
        assertThat(first.appended().getFirst().taskId())
                .isEqualTo(wake.tasks().getFirst().taskId());
        assertThat(first.appended().stream().flatMap(t -> t.events().stream()).map(Event::id))
                .containsExactly(sameThread, otherThread);
        assertThat(renewed(wake, sameThread).appended()).hasSize(1);
        assertThat(renewed(wake, otherThread).appended()).isEmpty();
        // A task is known to the gateway before the agent hears of it.
        assertThat(peers.requests("POST", "/v1/fences").getLast().body().path("task_ids"))
                .anyMatch(id -> id.asText().equals(first.appended().getLast().taskId()));
    }

    @Test
    void shouldShowAnAppendedTaskOnlyOnceTheGatewayKnowsIt() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        peers.on("POST", "/v1/fences", request -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "not now");
        });
        // When
        String late = mail(conversation());
        awaitRouted(late);
        // Then
        assertThat(renewed(wake).appended()).isEmpty();
        peers.on("POST", "/v1/fences", request -> Map.of());
        AgentWake.AgentTask appended = renewed(wake).appended().getFirst();
        assertThat(appended.events()).extracting(Event::id).containsExactly(late);
        FenceRequest told = lastFence(wake);
        assertThat(told.fence()).isEqualTo(wake.fence());
        assertThat(told.taskIds()).containsExactly(wake.tasks().getFirst().taskId(), appended.taskId());
        assertThat(told.taintedTaskIds()).contains(appended.taskId());
        int calls = peers.requests("POST", "/v1/fences").size();
        renewed(wake, late);
        assertThat(peers.requests("POST", "/v1/fences"))
                .as("nothing new to tell")
                .hasSize(calls);
    }

    @Test
    void shouldTellTheGatewayEveryTaskOfTheNextRunWhenAnAgentWasKilledBeforeItSawThem() {
        // Given
        registerChief();
        String first = mail(conversation());
        AgentWake killed = claim(awaitWake(1));
        String unseen = mail(conversation());
        awaitRouted(unseen);
        // When
        expireLease("chief");
        AgentWake next = claim(awaitWake(2));
        // Then
        assertThat(eventsOf(next)).containsExactly(first, unseen);
        assertThat(lastFence(next).taskIds())
                .containsExactlyElementsOf(
                        next.tasks().stream().map(AgentWake.AgentTask::taskId).toList());
        assertThat(next.tasks().getFirst().taskId())
                .isEqualTo(killed.tasks().getFirst().taskId());
        await().atMost(PATIENCE)
                .until(() -> !peers.requests("DELETE", "/v1/fences/" + killed.runId())
                        .isEmpty());
    }

    @Test
    void shouldStartAnotherRunWhenAnEventCameTooLateForTheLast() {
        // Given
        registerChief();
        String thread = conversation();
        mail(thread);
        AgentWake wake = claim(awaitWake(1));
        // When
        String late = mail(thread);
        awaitRouted(late);
        finish(wake);
        // Then
        AgentWake next = chief.await(
                        AgentWake.TYPE, e -> !e.as(AgentWake.class).runId().equals(wake.runId()))
                .as(AgentWake.class);
        assertThat(next.fence()).isGreaterThan(wake.fence());
        assertThat(eventsOf(claim(next))).containsExactly(late);
        assertThat(next.tasks().getFirst().taskId())
                .isNotEqualTo(wake.tasks().getFirst().taskId());
    }

    @Test
    void shouldGoOnAtOnceAndCountNoAttemptWhenATaskCameTooLateForARunThatEndedWell() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When: another task is put on the run, which ends before it hears of it
        String late = mail(conversation());
        awaitRouted(late);
        finish(wake);
        // Then
        AgentWake next = awaitWake(2);
        assertThat(eventsOf(claim(next))).containsExactly(late);
        assertThat(next.reason()).doesNotContain("without an outcome");
        assertThat(strings("SELECT attempts::text || ' ' || handovers FROM fleet.tasks WHERE state = 'running'"))
                .containsExactly("0 1");
    }

    @Test
    void shouldMakeANewTaskWhenTheOldOneOfTheConversationHasEnded() {
        // Given
        registerChief();
        String thread = conversation();
        mail(thread);
        AgentWake wake = claim(awaitWake(1));
        String task = wake.tasks().getFirst().taskId();
        heartbeat(
                        wake,
                        new RunHeartbeat(
                                wake.fence(),
                                3L,
                                null,
                                List.of(new TaskOutcome(task, TaskOutcome.Outcome.FINISHED, "answered"))))
                .then()
                .statusCode(200);
        // When
        awaitRouted(mail(thread));
        // Then
        var appended = renewed(wake).appended();
        assertThat(appended).hasSize(1);
        assertThat(appended.getFirst().taskId()).isNotEqualTo(task);
    }

    @Test
    void shouldAnswerARepeatedClaimAndRefuseAnotherProcess() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = awaitWake(1);
        // When
        AgentWake claimed = claim(wake);
        // Then
        assertThat(claim(wake)).isEqualTo(claimed);
        tryClaim(wake, "chief-2").then().statusCode(409);
        assertThat(tryClaim(wake, "chief-2").path("code").toString()).isEqualTo("fenced");
    }

    @Test
    void shouldTellTheGatewayWhenARunIsOver() {
        // Given
        registerChief();
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        // When
        finish(wake);
        // Then
        await().atMost(PATIENCE)
                .until(() ->
                        !peers.requests("DELETE", "/v1/fences/" + wake.runId()).isEmpty());
        // The same report again is one report.
        finish(wake);
        assertThat(count("SELECT count(*) FROM fleet.runs")).isEqualTo(1);
    }

    @Test
    void shouldWaitFencedWhileTheGatewayIsAwayAndGoOnWithTheSameRun() {
        // Given
        registerChief();
        peers.on("POST", "/v1/fences", request -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "not now");
        });
        // When
        mail(conversation());
        String run = awaitWakeState("fenced").runId();
        // Then
        assertThat(chief.ofType(AgentWake.TYPE)).isEmpty();
        peers.on("POST", "/v1/fences", request -> Map.of());
        assertThat(awaitWake(1).runId()).isEqualTo(run);
    }

    @Test
    void shouldHoldWithItsReasonWhenNoProcessOfTheAgentIsKnown() {
        // Given
        registerChief();
        sql("UPDATE fleet.agents SET last_seen_at = now() - interval '1 hour' WHERE role = 'chief'");
        // When
        mail(conversation());
        // Then
        await().atMost(PATIENCE).until(() -> wakes().stream().anyMatch(w -> w.heldReason() != null));
        assertThat(wakes().getFirst().heldReason()).contains("no process of chief");
        registerChief();
        awaitWake(1);
    }

    @Test
    void shouldRouteWhatCameBeforeTheFirstRegistration() {
        // Given
        sql("UPDATE fleet.agents SET triggers = NULL, registered_at = NULL WHERE role = 'chief'");
        String early = mail(conversation());
        awaitRouted(early);
        assertThat(strings("SELECT decision FROM fleet.routed_events WHERE role = 'chief'"))
                .containsExactly("waiting");
        // When
        registerChief();
        // Then
        assertThat(eventsOf(awaitWake(1))).containsExactly(early);
        assertThat(strings("SELECT decision FROM fleet.routed_events WHERE role = 'chief'"))
                .containsExactly("routed");
    }

    /** What the gateway was told of a run at last. */
    private FenceRequest lastFence(AgentWake wake) {
        return peers.requests("POST", "/v1/fences").stream()
                .map(request -> Json.convert(request.body(), FenceRequest.class))
                .filter(fence -> fence.runId().equals(wake.runId()))
                .toList()
                .getLast();
    }
}
