package org.capitania.chief;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Service;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentMessage;
import org.capitania.contract.event.AgentSession;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chief on a real store and a real broker, with the rehearsal model; supervisor and tool-registry are played. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "agent-chief"), @ResourceArg(name = "peers", value = "fake")
        })
class ChiefIT {
    private FakeFleet fleet;

    @BeforeEach
    void listen() {
        fleet = new FakeFleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @Test
    void shouldAnswerAMailByTheBookWhenWoken() {
        try (EventTail tail = EventTail.fromNow("hq.agent")) {
            String taskId = UUID.randomUUID().toString();

            AgentWake wake = fleet.wake(taskId, 1_000, 1);

            Event closed = tail.await(
                    AgentSession.CLOSED, e -> e.as(AgentSession.class).taskId().equals(taskId));
            AgentSession session = closed.as(AgentSession.class);
            assertThat(session.outcome()).isEqualTo("finished");
            assertThat(session.model()).isEqualTo("rehearsal");
            assertThat(session.reasonClosed()).isEqualTo("reply drafted, waits for the owner");
            assertThat(session.costUsd()).isEqualByComparingTo("0.0125");
            assertThat(closed.actor()).isEqualTo("agent:chief");
            assertThat(closed.correlationId()).isEqualTo(taskId);
            String id = session.sessionId();
            assertThat(fleet.callIds()).containsExactly(id + ":0:1", id + ":1:1", id + ":2:1");
            assertThat(fleet.effects.values().stream().map(e -> e.split(" ", 2)[0]))
                    .containsExactly("email_thread_read", "hq_agent", "email_send");
            assertThat(fleet.turns)
                    .containsExactly(
                            id + ":0:model", id + ":1:model", id + ":2:model", id + ":3:model", id + ":4:model");
            JsonNode complete = completed(wake);
            assertThat(complete.path("fence").asLong()).isEqualTo(1_000);
            assertThat(complete.path("outcome").asText()).isEqualTo("finished");
            assertThat(complete.path("tasks").get(0).path("outcome").asText()).isEqualTo("finished");
            JsonNode close = fleet.bodies("/v1/sessions/" + id + "/close").getFirst();
            assertThat(close.path("memory_entry_count").asInt(-1)).isZero();
            assertThat(close.path("memory").isArray()).isTrue();
            assertThat(close.path("no_memory_reason").asText()).isNotBlank();
            // And each call of the model can be shown again as it was
            assertThat(close.path("turns")).hasSize(5);
            for (JsonNode turn : close.path("turns")) {
                String call = turn.path("call_id").asText();
                assertThat(fleet.turns).contains(call);
                JsonPath shown = as("system:tool-registry")
                        .queryParam("call", call)
                        .get("/v1/sessions/{id}/messages", id)
                        .jsonPath();
                assertThat(shown.getString("inputs_digest"))
                        .as(call)
                        .isEqualTo(turn.path("inputs_digest").asText());
                assertThat(shown.getString("messages[1].text")).startsWith("# Session context reconstruction");
            }
            as("system:tool-registry")
                    .get("/v1/sessions/{id}/messages?call=none", id)
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void shouldDraftInTheLanguageOfTheThreadAndSayWhoWroteIt() {
        fleet.wake(UUID.randomUUID().toString(), 2_000, 1);

        await().atMost(Duration.ofSeconds(20)).until(() -> fleet.callIds().size() == 3);
        assertThat(fleet.effects.values())
                .anySatisfy(effect -> assertThat(effect)
                        .startsWith("email_send")
                        .contains("Bom dia Ana,", "Aurora is recorded as entity", "Maré Alta Books", "modelo de ensaio")
                        .contains("\"to\":[\"ana@aurora.example\"]"));
    }

    @Test
    void shouldRunOnceWhenTheWakeIsDeliveredTwice() {
        AgentWake wake = fleet.wake(UUID.randomUUID().toString(), 3_000, 3);
        completed(wake);
        AgentWake later = fleet.wake(UUID.randomUUID().toString(), 3_001, 1);
        completed(later);

        assertThat(fleet.bodies("/v1/wakes/" + wake.wakeId() + "/claim")).hasSize(1);
        assertThat(fleet.bodies("/v1/runs/" + wake.runId() + "/complete")).hasSize(1);
        assertThat(fleet.callIds()).hasSize(6);
    }

    @Test
    void shouldNotBeginAgainWhenAFinishedTaskIsWokenOnceMore() {
        String taskId = UUID.randomUUID().toString();
        completed(fleet.wake(taskId, 4_000, 1));
        int effects = fleet.callIds().size();

        JsonNode again = completed(fleet.wake(taskId, 4_001, 1));

        assertThat(again.path("tasks").get(0).path("outcome").asText()).isEqualTo("finished");
        assertThat(fleet.callIds()).hasSize(effects);
    }

    @Test
    void shouldDropTheRunWhenTheSupervisorSaysItIsFenced() {
        fleet.wake(UUID.randomUUID().toString(), 6_001, 1);
        AgentWake old = fleet.wake(UUID.randomUUID().toString(), 6_000, 1);
        AgentWake next = fleet.wake(UUID.randomUUID().toString(), 6_002, 1);
        completed(next);

        assertThat(fleet.bodies("/v1/runs/" + old.runId() + "/complete")).isEmpty();
        assertThat(fleet.effects.values())
                .noneMatch(e -> e.contains(old.tasks().getFirst().taskId()));
    }

    @Test
    void shouldNotRunAWakeWhenItWasPausedAfterThePublication() {
        String taskId = UUID.randomUUID().toString();
        fleet.paused(true);
        AgentWake wake = fleet.wake(taskId, 8_000, 3);
        fleet.peers.awaitRequest("POST", "/v1/wakes/" + wake.wakeId() + "/claim");
        fleet.paused(false);
        completed(fleet.wake(UUID.randomUUID().toString(), 8_001, 1));

        assertThat(fleet.bodies("/v1/wakes/" + wake.wakeId() + "/claim"))
                .as("what was refused is not asked for again, however often it comes")
                .hasSize(1);
        assertThat(fleet.bodies("/v1/sessions"))
                .noneMatch(open -> open.path("task_id").asText().equals(taskId))
                .hasSize(1);
        assertThat(fleet.turns).as("the turns of the other run").hasSize(5);
        assertThat(fleet.bodies("/v1/runs/" + wake.runId() + "/complete")).isEmpty();
    }

    @Test
    void shouldAnswerAQuestionOnceWhenItIsDeliveredTwice() {
        String messageId = UUID.randomUUID().toString();
        AgentMessage ask = new AgentMessage(
                messageId,
                AgentMessage.Kind.ASK,
                "agent:operator",
                "chief",
                "What do our records say about \"Aurora\"?",
                "t-of-operator",
                null,
                false,
                UUID.randomUUID().toString(),
                10_000,
                java.time.Instant.parse("2999-01-01T00:00:00Z"),
                "s-of-operator:3:1");
        fleet.peers.on("POST", "/v1/messages/([^/]+)/reply", r -> Map.of("message_id", messageId));
        for (int i = 0; i < 2; i++) {
            Events.publish(Topics.agent("chief"), "fleet:m-" + messageId, AgentMessage.TYPE, "main", messageId, ask);
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        fleet.bodies("/v1/messages/" + messageId + "/reply").size() == 1);
        assertThat(fleet.bodies("/v1/messages/" + messageId + "/reply")
                        .getFirst()
                        .path("text")
                        .asText())
                .contains("NO FACT: nothing is recorded");
        assertThat(fleet.effects.values()).as("only reads").allMatch(e -> e.startsWith("hq_search"));
        assertThat(fleet.bodies("/v1/tools/hq_search/calls"))
                .as("below the call that asked, in the ledger")
                .isNotEmpty()
                .allMatch(call -> call.path("parent_id").asText().equals("s-of-operator:3:1"));
    }

    @Test
    void shouldShowTheTranscriptToTheOwnerAlone() {
        String taskId = UUID.randomUUID().toString();
        completed(fleet.wake(taskId, 7_000, 1));

        String sessionId = as("user:owner")
                .get("/v1/sessions?task_id=" + taskId)
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].session_id");
        List<String> kinds = as("user:owner")
                .get("/v1/sessions/" + sessionId)
                .then()
                .statusCode(200)
                .extract()
                .path("entries.kind");
        assertThat(kinds)
                .startsWith("opened", "received", "asked", "replied", "returned", "asked")
                .endsWith("replied", "ended", "asked", "remembered", "closed");
        as("system:supervisor").get("/v1/sessions/" + sessionId).then().statusCode(403);
        as("system:supervisor")
                .get("/v1/sessions/" + sessionId + "/messages?call=x")
                .then()
                .statusCode(403);
    }

    @Test
    void shouldTellBothServicesWhoItIsBeforeItIsReady() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
        assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
    }

    private static io.restassured.specification.RequestSpecification as(String principal) {
        return given().header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.AGENT_CHIEF));
    }

    private JsonNode completed(AgentWake wake) {
        String path = "/v1/runs/" + wake.runId() + "/complete";
        await().atMost(Duration.ofSeconds(20)).until(() -> !fleet.bodies(path).isEmpty());
        return fleet.bodies(path).getFirst();
    }
}
