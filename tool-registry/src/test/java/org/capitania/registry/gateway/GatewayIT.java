package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway lets through, and what it does not. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class GatewayIT {
    private static final Map<String, Object> LOG = Map.of("kind", "action", "title", "Called the bakery");

    @Inject
    Sql sql;

    @Inject
    CallRecovery recovery;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate(
                "chief",
                "hq_search",
                "hq_describe",
                "hq_event_log",
                "hq_tools",
                "hq_entity",
                "hq_proposal",
                "hq_agent",
                "email_thread_read",
                "email_send",
                "hq_task");
        Fleet.curate("operator", "hq_search", "hq_describe", "hq_event_log", "hq_task", "hq_entity", "email_send");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldRefuseWhenTheRunIsNotTheCallersOwnCurrentOne() {
        // Given
        Fleet.Run old = Fleet.wake("chief");
        Fleet.Run current = Fleet.wake("chief");
        // Then
        assertThat(code(old.call("hq_event_log", LOG))).isEqualTo("fenced");
        assertThat(code(current.withFence(current.fence() - 1).call("hq_event_log", LOG)))
                .isEqualTo("fenced");
        assertThat(code(current.withFence(current.fence() + 1).call("hq_event_log", LOG)))
                .isEqualTo("fenced");
        assertThat(code(current.withRole("operator").call("hq_event_log", LOG))).isEqualTo("fenced");
        assertThat(code(current.withTask("task-of-somebody-else").call("hq_event_log", LOG)))
                .isEqualTo("fenced");
        assertThat(graph.ofType("event")).isEmpty();
        assertThat(current.call("hq_event_log", LOG).status()).isEqualTo(CallStatus.DONE);
        assertThat(graph.ofType("event")).hasSize(1);
    }

    @Test
    void shouldRefuseWhenTheRunWasClosed() {
        Fleet.Run run = Fleet.wake("chief");
        Fleet.as("system:supervisor")
                .delete("/v1/fences/{run}", run.runId())
                .then()
                .statusCode(200);
        assertThat(code(run.call("hq_event_log", LOG))).isEqualTo("fenced");
    }

    @Test
    void shouldKeepARowWhenACallIsRefused() {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        // When
        String unknown = run.nextCall();
        run.call("rm_minus_rf", unknown, Map.of());
        String ungranted = run.nextCall();
        run.call("hq_task", ungranted, Map.of("action", "list"));
        // Then
        assertThat(Fleet.action(unknown).path("status").asText()).isEqualTo("refused");
        assertThat(Fleet.action(unknown).at("/output/code").asText()).isEqualTo("unknown_tool");
        assertThat(Fleet.action(ungranted).at("/output/code").asText()).isEqualTo("not_granted");
        assertThat(Fleet.action(ungranted).at("/output/hint").asText()).contains("hq_agent");
    }

    @Test
    void shouldRefuseWhatTheCeilingDoesNotHaveWhenAWorkspaceAsksForIt() {
        // Given: both asked for it in their curation
        Fleet.Run operator = Fleet.wake("operator");
        Fleet.Run chief = Fleet.wake("chief");
        FakeGraph.Thread thread = graph.thread("Delivery");
        // Then
        assertThat(code(operator.call("email_send", thread.answer("Yes.")))).isEqualTo("not_granted");
        assertThat(code(chief.call("hq_entity", Map.of("action", "create", "name", "Evil"))))
                .isEqualTo("not_granted");
        JsonNode exported = Json.read(
                Fleet.as("agent:operator")
                        .get("/v1/agents/operator/tools?format=mcp")
                        .asString(),
                JsonNode.class);
        assertThat(exported.path("tools").findValuesAsText("name"))
                .contains("hq_task")
                .doesNotContain("email_send");
    }

    @Test
    void shouldSayLittleWhenAnAgentHasItsToolsAlready() {
        String path = "/v1/agents/operator/tools?format=mcp";
        String tag = Fleet.as("agent:operator").get(path).header("ETag");

        assertThat(Fleet.as("agent:operator")
                        .header("If-None-Match", tag)
                        .get(path)
                        .statusCode())
                .isEqualTo(304);
        assertThat(Fleet.as("agent:chief")
                        .header("If-None-Match", tag)
                        .get("/v1/agents/chief/tools?format=mcp")
                        .statusCode())
                .as("another agent has others")
                .isEqualTo(200);
    }

    @Test
    void shouldNameThePathWhenArgumentsAreWrong() {
        Fleet.Run run = Fleet.wake("chief");
        ToolResult result = run.call("hq_search", Map.of("query", "x", "limit", 5000, "sudo", true));
        assertThat(result.status()).isEqualTo(CallStatus.REFUSED);
        assertThat(result.error().code()).isEqualTo("schema_violation");
        assertThat(result.error().errors()).extracting(FieldError::path).containsExactlyInAnyOrder("/limit", "/sudo");
    }

    @Test
    void shouldStayUpWhenArgumentsAreHostile() {
        Fleet.Run run = Fleet.wake("chief");
        assertThat(code(run.call("hq_search", Map.of("query", "nul \u0000 in it"))))
                .isEqualTo("schema_violation");
        assertThat(code(run.call("hq_search", Map.of("query", "x".repeat(1_000_000)))))
                .isEqualTo("payload_too_large");
        assertThat(code(run.call("hq_search", nested(200)))).isEqualTo("payload_too_large");
        assertThat(code(run.call("hq_search", List.of("no", "object")))).isEqualTo("schema_violation");
        assertThat(code(run.call("hq_search", Map.of("query", Map.of("$ne", 1)))))
                .isEqualTo("schema_violation");
        ObjectNode half = Json.MAPPER.createObjectNode().put("query", "half \uD83D of a pair");
        assertThat(run.raw("hq_search", run.nextCall(), half).statusCode()).isIn(200, 400);
        assertThat(run.call("hq_search", Map.of("query", "bakery")).status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldAnswerTheFirstResultWhenACallIsRepeated() {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        String id = run.nextCall();
        // When
        ToolResult first = run.call("hq_event_log", id, LOG);
        ToolResult again = run.call("hq_event_log", id, LOG);
        Fleet.Run later = Fleet.resume(run);
        ToolResult byAnotherRun = later.call("hq_event_log", id, LOG);
        ToolResult other = run.call("hq_event_log", id, Map.of("kind", "action", "title", "Something else"));
        // Then
        assertThat(again).isEqualTo(first);
        assertThat(byAnotherRun).isEqualTo(first);
        assertThat(code(other)).isEqualTo("idempotency_mismatch");
        assertThat(graph.ofType("event")).hasSize(1);
    }

    @Test
    void shouldActOnceWhenTheSameCallComesManyTimesAtOnce() throws Exception {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        String id = run.nextCall();
        List<Future<ToolResult>> answers = new ArrayList<>();
        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 48; i++) {
                answers.add(threads.submit(() -> run.call("hq_event_log", id, LOG)));
            }
        }
        // Then
        ToolResult first = answers.getFirst().get();
        assertThat(first.status()).isEqualTo(CallStatus.DONE);
        for (Future<ToolResult> answer : answers) {
            assertThat(answer.get()).isEqualTo(first);
        }
        assertThat(graph.ofType("event")).hasSize(1);
        assertThat(peers.requests("POST", "/v1/mutations")).hasSize(1);
    }

    @Test
    void shouldOnlyReadWhenARunAnswersAQuestion() {
        Fleet.Run ask = Fleet.ask("operator");
        assertThat(ask.call("hq_search", Map.of("query", "bakery")).status()).isEqualTo(CallStatus.DONE);
        assertThat(ask.call("hq_task", Map.of("action", "list")).status()).isEqualTo(CallStatus.DONE);
        assertThat(code(ask.call("hq_task", Map.of("action", "create", "title", "Do it"))))
                .isEqualTo("denied");
        assertThat(code(ask.call("hq_event_log", LOG))).isEqualTo("denied");
        Fleet.Run chiefAsk = Fleet.ask("chief");
        assertThat(code(chiefAsk.call("hq_agent", Map.of("action", "ask", "to", "operator", "text", "And you?"))))
                .isEqualTo("nested_ask");
    }

    @Test
    void shouldRefuseEverythingWhenTheAgentIsPaused() {
        // Given
        Fleet.Run run = Fleet.wake("operator");
        gate(new AgentStateChanged("operator", "paused", "warm", "the owner is on holiday"));
        // Then
        try {
            ToolResult refused = run.call("hq_search", Map.of("query", "x"));
            assertThat(code(refused)).isEqualTo("agent_paused");
            assertThat(refused.error().message()).contains("on holiday");
        } finally {
            gate(new AgentStateChanged("operator", "cold", "paused", null));
        }
        assertThat(run.call("hq_search", Map.of("query", "x")).status()).isEqualTo(CallStatus.DONE);
    }

    private void gate(AgentStateChanged change) {
        org.capitania.registry.runs.Gates gates = io.quarkus.arc.Arc.container()
                .instance(org.capitania.registry.runs.Gates.class)
                .get();
        sql.run(scope(), tx -> {
            if (change.state().equals("paused")) {
                gates.close(tx, change.role(), org.capitania.contract.ErrorCode.AGENT_PAUSED, change.reason());
            } else {
                gates.open(tx, change.role(), org.capitania.contract.ErrorCode.AGENT_PAUSED);
            }
        });
    }

    @Test
    void shouldMarkWhatIsWrittenWhenTheTaskHasReadFromOutside() {
        // Given
        FakeGraph.Thread thread = graph.thread("Delivery on Monday");
        Fleet.Run run = Fleet.wake("chief");
        run.call("hq_event_log", Map.of("kind", "action", "title", "Before reading"));
        // When
        ToolResult read = run.call(
                "email_thread_read",
                Map.of("conversation_id", thread.conversation().id()));
        run.call("hq_event_log", Map.of("kind", "action", "title", "After reading"));
        // Then
        assertThat(read.data().path("messages")).hasSize(1);
        assertThat(read.data().at("/answer/to/0").asText()).isEqualTo(thread.address());
        assertThat(graph.ofType("event")).extracting(NodeView::tainted).containsExactly(false, true);
    }

    @Test
    void shouldRunAgainWhenTheProcessDiedDuringACall() {
        // Given: the INTENT of a process that is gone
        Fleet.Run run = Fleet.wake("chief");
        String id = run.nextCall();
        abandoned(run, id, "idempotent", "hq_event_log", Json.tree(LOG));
        // When
        ToolResult result = run.call("hq_event_log", id, LOG);
        // Then
        assertThat(result.status()).isEqualTo(CallStatus.DONE);
        assertThat(graph.ofType("event")).hasSize(1);
    }

    @Test
    void shouldSweepUpWhenNobodyRepeatsTheCall() {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        String id = run.nextCall();
        abandoned(run, id, "idempotent", "hq_event_log", Json.tree(LOG));
        // When
        recovery.sweep("main");
        // Then
        org.awaitility.Awaitility.await()
                .untilAsserted(() ->
                        assertThat(Fleet.action(id).path("status").asText()).isEqualTo("done"));
        assertThat(graph.ofType("event")).hasSize(1);
    }

    @Test
    void shouldWaitForTheGraphWhenItIsBeingRestarted() throws Exception {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        graph.down(true);
        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<ToolResult> answer = threads.submit(() -> run.call("hq_search", Map.of("query", "bakery")));
            org.awaitility.Awaitility.await()
                    .until(() -> peers.requests("POST", "/v1/search").size() >= 2);
            graph.down(false);
            // Then
            assertThat(answer.get().status()).isEqualTo(CallStatus.DONE);
        }
    }

    @Test
    void shouldLetNobodyButPeopleAndAgentsCall() {
        assertThat(code(Fleet.owner(
                        "hq_event_log", "owner-" + System.nanoTime(), Map.of("kind", "nonsense", "title", "abc"))))
                .isEqualTo("schema_violation");
        String body = Json.write(Map.of("arguments", Map.of("query", "x")));
        JsonNode worker = Json.read(
                Fleet.as("system:supervisor")
                        .body(body)
                        .post("/v1/tools/hq_search/calls")
                        .asString(),
                JsonNode.class);
        assertThat(worker.at("/error/code").asText()).isEqualTo("denied");
        JsonNode agentWithoutRun = Json.read(
                Fleet.as("agent:chief")
                        .body(body)
                        .post("/v1/tools/hq_search/calls")
                        .asString(),
                JsonNode.class);
        assertThat(agentWithoutRun.at("/error/code").asText()).isEqualTo("fenced");
        Fleet.as("agent:chief")
                .body(Map.of("component", "watchdog"))
                .post("/v1/heartbeats")
                .then()
                .statusCode(403);
        Fleet.as("agent:chief").body("{}").post("/v1/fences").then().statusCode(403);
        Fleet.as("agent:operator")
                .body(Map.of("tools", List.of("email_send"), "workspace_version", "x"))
                .post("/v1/agents/chief/curation")
                .then()
                .statusCode(403);
    }

    private void abandoned(Fleet.Run run, String id, String idempotency, String tool, JsonNode input) {
        sql.run(
                scope().withActor("agent:" + run.role()),
                tx -> tx.execute(
                        """
                        INSERT INTO calls (call_id, actor, session_id, task_id, run_id, fence, tool, action, idempotency, input, input_digest, status,
                                           lease_owner, lease_expires_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9::text::jsonb, $10, 'intent', 'dead', clock_timestamp())
                        """,
                        id,
                        "agent:" + run.role(),
                        run.sessionId(),
                        run.taskId(),
                        run.runId(),
                        run.fence(),
                        tool,
                        idempotency,
                        input.toString(),
                        Arguments.of(tool, input).digest()));
    }

    private static JsonNode nested(int depth) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        ObjectNode at = node;
        for (int i = 0; i < depth; i++) {
            at = at.putObject("a");
        }
        return node;
    }

    private static Scope scope() {
        return Scope.of("main", "system:tool-registry", "test");
    }

    private static String code(ToolResult result) {
        return result.error() == null ? result.status().name() : result.error().code();
    }
}
