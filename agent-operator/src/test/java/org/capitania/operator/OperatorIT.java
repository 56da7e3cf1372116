package org.capitania.operator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentMessage;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operator on a real store and a real broker: it answers chief's questions from what it may read, once, and in time. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "agent-operator"),
            @ResourceArg(name = "peers", value = "fake")
        })
class OperatorIT {
    private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");
    private static final String ENTITY = "0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11";

    private FakePeers peers;

    @BeforeEach
    void listen() {
        peers = FakePeers.listen();
        peers.on(
                "POST",
                "/v1/agents/operator/curation",
                r -> Map.of(
                        "role",
                        "operator",
                        "granted",
                        List.of("hq_search"),
                        "refused",
                        List.of(),
                        "workspace_version",
                        "v"));
        peers.on("POST", "/v1/agents/operator/register", r -> Map.of("state", "cold", "renew_after_ms", 60_000));
        peers.on(
                "GET",
                "/v1/agents/operator/tools",
                r -> Map.of(
                        "tools",
                        List.of(tool("hq_search", true), tool("hq_describe", true), tool("hq_entity", false))));
        peers.on("POST", "/v1/sessions", r -> Map.of("header", ""));
        peers.on("POST", "/v1/models/rehearsal/calls", r -> Map.of("ok", true));
        peers.on("POST", "/v1/tools/hq_search/calls", r -> result(Map.of("hits", List.of(), "count", 0)));
        peers.on(
                "POST",
                "/v1/tools/hq_describe/calls",
                r -> result(Map.of(
                        "node",
                                Map.of(
                                        "id",
                                        ENTITY,
                                        "slug",
                                        "entity:aurora",
                                        "type",
                                        "entity",
                                        "title",
                                        "Aurora",
                                        "version",
                                        3),
                        "edges", List.of())));
        peers.on(
                "POST",
                "/v1/messages/([^/]+)/reply",
                r -> Map.of("message_id", r.groups().getFirst()));
    }

    @AfterEach
    void stop() {
        peers.close();
    }

    @Test
    void shouldAnswerWithAFactAndItsSourceWhenAsked() {
        AgentMessage ask = ask(FAR);

        publish(ask, 1);

        assertThat(reply(ask).path("text").asText())
                .contains("FACT: Aurora is recorded as entity. Source: entity:aurora, version 3.")
                .doesNotContain("<task-complete");
        FakePeers.Request call =
                peers.requests("POST", "/v1/tools/hq_describe/calls").getLast();
        assertThat(call.subject()).isEqualTo("agent:operator");
        assertThat(call.body().path("run_id").asText()).isEqualTo(ask.runId());
        assertThat(call.body().path("task_id").asText()).isEqualTo("task-of-chief");
        assertThat(call.body().path("arguments").path("ref").asText()).isEqualTo(ENTITY);
    }

    @Test
    void shouldAnswerOnceWhenTheQuestionComesTwice() {
        AgentMessage ask = ask(FAR);
        publish(ask, 3);
        reply(ask);
        AgentMessage next = ask(FAR);
        publish(next, 1);
        reply(next);

        assertThat(peers.requests("POST", "/v1/messages/" + ask.messageId() + "/reply"))
                .hasSize(1);
    }

    @Test
    void shouldNotThinkAboutAQuestionNobodyWaitsFor() {
        int before = peers.requests("POST", "/v1/models/rehearsal/calls").size();
        AgentMessage late = ask(Instant.parse("2020-01-01T00:00:00Z"));
        publish(late, 1);
        AgentMessage next = ask(FAR);
        publish(next, 1);
        reply(next);

        assertThat(peers.requests("POST", "/v1/messages/" + late.messageId() + "/reply"))
                .isEmpty();
        assertThat(peers.requests("POST", "/v1/models/rehearsal/calls"))
                .as("three turns, one question")
                .hasSize(before + 3);
    }

    @Test
    void shouldLetTheNextQuestionPassWhenOneCannotBeAnsweredAtAll() {
        AgentMessage broken = ask(FAR);
        peers.on("POST", "/v1/sessions", r -> Map.of());
        int before = peers.requests("POST", "/v1/sessions").size();
        publish(broken, 1);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> peers.requests("POST", "/v1/sessions").size() > before);
        peers.on("POST", "/v1/sessions", r -> Map.of("header", ""));

        AgentMessage next = ask(FAR);
        publish(next, 1);

        assertThat(reply(next).path("text").asText()).contains("FACT: Aurora");
    }

    @Test
    void shouldSendTheReplyAgainWhenTheSupervisorWasAway() {
        AgentMessage ask = ask(FAR);
        int[] tries = {0};
        peers.on("POST", "/v1/messages/" + ask.messageId() + "/reply", r -> {
            if (tries[0]++ < 2) {
                throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "restarting");
            }
            return Map.of("message_id", ask.messageId());
        });

        publish(ask, 1);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> peers.requests("POST", "/v1/messages/" + ask.messageId() + "/reply")
                                .size()
                        == 3);
    }

    @Test
    void shouldCallNoModelWhenNothingHappens() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
        peers.close();
        peers = FakePeers.listen();

        // Longer than every background loop's period, so that each has had its turn.
        await().during(Duration.ofSeconds(7))
                .atMost(Duration.ofSeconds(10))
                .until(() -> peers.requests().stream().noneMatch(r -> r.path().startsWith("/v1/models")));
    }

    private JsonNode reply(AgentMessage ask) {
        String path = "/v1/messages/" + ask.messageId() + "/reply";
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !peers.requests("POST", path).isEmpty());
        return peers.requests("POST", path).getFirst().body();
    }

    private static void publish(AgentMessage ask, int times) {
        for (int i = 0; i < times; i++) {
            Events.publish(
                    Topics.agent("operator"),
                    "fleet:" + ask.messageId(),
                    AgentMessage.TYPE,
                    "main",
                    ask.messageId(),
                    ask);
        }
    }

    private static AgentMessage ask(Instant deadline) {
        return new AgentMessage(
                UUID.randomUUID().toString(),
                AgentMessage.Kind.ASK,
                "agent:chief",
                "operator",
                "What do our records say? Sender: Ana Silva <ana@aurora.example>. Entity: " + ENTITY + ".",
                "task-of-chief",
                "c-1",
                true,
                UUID.randomUUID().toString(),
                5,
                deadline,
                null);
    }

    private static Map<String, Object> result(Object data) {
        return Map.of("ok", true, "status", "done", "action", "x", "audit_event_id", "a", "data", data);
    }

    private static Map<String, Object> tool(String name, boolean readOnly) {
        return Map.of(
                "name",
                name,
                "description",
                "Does " + name,
                "inputSchema",
                Map.of("type", "object"),
                "annotations",
                Map.of("readOnlyHint", readOnly));
    }
}
