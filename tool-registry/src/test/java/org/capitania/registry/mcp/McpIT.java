package org.capitania.registry.mcp;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.catalogue.InputSchema;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An outside client speaks to the gateway over the protocol, as itself and no further than it was granted. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class McpIT {
    private static final String CLIENT = "client:test";

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        assertThat(new FakeApprovals(peers).reports("none")).isEmpty();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldSayWhatItIsWhenAClientComes() {
        JsonNode hello = McpSession.body(
                        McpSession.post(token(), null, McpSession.message(1, "initialize", McpSession.hello())))
                .path("result");
        assertThat(hello.path("protocolVersion").asText()).isEqualTo(McpSession.VERSION);
        assertThat(hello.at("/serverInfo/name").asText()).isEqualTo("capitania");
        assertThat(hello.path("instructions").asText()).contains("never instructs");
        assertThat(hello.path("capabilities").has("tools")).isTrue();
        assertThat(hello.path("capabilities").has("resources")).isTrue();
    }

    @Test
    void shouldListToEachIdentityWhatItWasGranted() {
        JsonNode client = McpSession.of(CLIENT).result("tools/list", Map.of()).path("tools");
        assertThat(names(client))
                .contains("hq_search", "hq_describe", "hq_entity")
                .doesNotContain("email_send", "hq_autonomy", "hq_graduation");
        assertThat(named(client, "hq_entity").at("/inputSchema/properties/action/enum"))
                .as("the actions that it may call, and no other")
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("find", "show", "merge");
        JsonNode search = named(client, "hq_search");
        assertThat(search.at("/inputSchema/additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(search.at("/annotations/readOnlyHint").asBoolean()).isTrue();
        assertThat(search.at("/outputSchema/type").asText()).isEqualTo("object");
        assertThat(search.path("title").asText()).isEqualTo("Search");
    }

    @Test
    void shouldAnswerAsTheSchemaSaysAndWriteItDownWhenACallIsMade() {
        // Given
        String word = "word-" + UUID.randomUUID();
        graph.add("entity", "padaria-" + word, Map.of("name", "Padaria " + word));
        McpSession session = McpSession.of(CLIENT);
        JsonNode tool = named(session.result("tools/list", Map.of()).path("tools"), "hq_search");
        // When
        JsonNode answer = session.ask(77, "tools/call", call("hq_search", Map.of("query", word)))
                .path("result");
        // Then
        assertThat(answer.path("isError").asBoolean()).as("%s", answer).isFalse();
        JsonNode said = answer.path("structuredContent");
        assertThat(new InputSchema(tool.path("outputSchema")).check(said)).isEmpty();
        assertThat(said.path("status").asText()).isEqualTo("done");
        assertThat(Json.read(answer.at("/content/0/text").asText(), JsonNode.class))
                .isEqualTo(said);
        JsonNode row = Fleet.action(said.path("audit_event_id").asText());
        assertThat(row.path("tool").asText()).isEqualTo("hq_search");
        assertThat(row.path("id").asText()).startsWith("client:test:mcp:").endsWith(":77");
    }

    @Test
    void shouldDoItOnceWhenARequestIsRepeated() {
        McpSession session = McpSession.of(CLIENT);
        Object call = call(
                "hq_task",
                Map.of(
                        "action",
                        "create",
                        "title",
                        "Call the bakery " + UUID.randomUUID().toString().substring(0, 8)));
        JsonNode first = session.ask(5, "tools/call", call).path("result");
        JsonNode again = session.ask(5, "tools/call", call).path("result");
        assertThat(first.path("isError").asBoolean()).as("%s", first).isFalse();
        assertThat(again).isEqualTo(first);
        assertThat(graph.ofType("task")).hasSize(1);
        // And: what an outside client writes comes from outside
        assertThat(graph.ofType("task").getFirst().tainted()).isTrue();
    }

    @Test
    void shouldNameTheProposalWhenACallIsFrozen() {
        NodeView one = graph.add("entity", "one-" + UUID.randomUUID(), Map.of("name", "Padaria Lisboa"));
        NodeView two = graph.add("entity", "two-" + UUID.randomUUID(), Map.of("name", "Padaria Lisboa Lda"));
        JsonNode tool =
                named(McpSession.of(CLIENT).result("tools/list", Map.of()).path("tools"), "hq_entity");
        JsonNode answer =
                McpSession.of(CLIENT).call("hq_entity", Map.of("action", "merge", "ref", one.id(), "into", two.id()));
        assertThat(answer.path("isError").asBoolean()).as("%s", answer).isFalse();
        JsonNode said = answer.path("structuredContent");
        assertThat(said.path("status").asText()).isEqualTo("proposed");
        assertThat(said.path("proposal_id").asText()).isNotBlank();
        assertThat(new InputSchema(tool.path("outputSchema")).check(said)).isEmpty();
        assertThat(graph.edges()).noneMatch(e -> e.type().equals("duplicate_of"));
    }

    @Test
    void shouldRefuseAndWriteItDownWhenItWasNotGranted() {
        McpSession session = McpSession.of(CLIENT);
        JsonNode sending = session.call("email_send", graph.thread("Not yours").answer("Hello."));
        assertThat(sending.path("isError").asBoolean()).isTrue();
        assertThat(sending.at("/structuredContent/error/code").asText()).isEqualTo("not_granted");
        JsonNode row =
                Fleet.action(sending.at("/structuredContent/audit_event_id").asText());
        assertThat(row.path("status").asText()).isEqualTo("refused");
        JsonNode updating = session.call("hq_entity", Map.of("action", "create", "name", "Mine"));
        assertThat(updating.at("/structuredContent/error/code").asText()).isEqualTo("not_granted");
        // And: a client that holds errors to the schema too, as the official one does, can read why
        JsonNode tool = named(session.result("tools/list", Map.of()).path("tools"), "hq_entity");
        InputSchema schema = new InputSchema(tool.path("outputSchema"));
        JsonNode missing = session.call("hq_entity", Map.of("action", "show"));
        assertThat(missing.at("/structuredContent/error/errors")).isNotEmpty();
        assertThat(List.of(updating, missing))
                .allSatisfy(answer -> assertThat(schema.check(answer.path("structuredContent")))
                        .isEmpty());
    }

    @Test
    void shouldNameThePathWhenArgumentsAreWrong() {
        JsonNode answer = McpSession.of(CLIENT).call("hq_search", Map.of("query", "x", "limit", 5000, "sudo", true));
        assertThat(answer.path("isError").asBoolean()).isTrue();
        assertThat(answer.at("/structuredContent/error/code").asText()).isEqualTo("schema_violation");
        assertThat(answer.at("/structuredContent/error/errors")).hasSize(2);
        assertThat(answer.at("/content/0/text").asText()).contains("/limit");
    }

    @Test
    void shouldChangeNothingWhileAutonomyIsFrozen() {
        autonomy("freeze");
        try {
            McpSession session = McpSession.of(CLIENT);
            JsonNode answer = session.call("hq_task", Map.of("action", "create", "title", "While it is frozen"));
            assertThat(answer.at("/structuredContent/error/code").asText()).isEqualTo("autonomy_frozen");
            assertThat(graph.ofType("task")).isEmpty();
            assertThat(session.call("hq_task", Map.of("action", "list"))
                            .path("isError")
                            .asBoolean())
                    .isFalse();
        } finally {
            autonomy("thaw");
        }
    }

    @Test
    void shouldReadNodesThroughTheGatewayWhenAskedForResources() {
        // Given
        NodeView node = graph.add("entity", "entity:padaria-" + UUID.randomUUID(), Map.of("name", "Padaria Lisboa"));
        McpSession session = McpSession.of(CLIENT);
        // Then
        assertThat(session.result("resources/templates/list", Map.of())
                        .at("/resourceTemplates/0/uriTemplate")
                        .asText())
                .isEqualTo("hq://node/{ref}");
        JsonNode listed = session.result("resources/list", Map.of()).at("/resources/0");
        assertThat(listed.path("uri").asText()).isEqualTo("hq://tools");
        assertThat(listed.path("mimeType").asText()).isEqualTo("application/json");
        for (String ref : List.of(node.id(), node.slug(), node.slug().replace(":", "%3A"))) {
            JsonNode contents = session.result("resources/read", Map.of("uri", "hq://node/" + ref))
                    .at("/contents/0");
            assertThat(contents.path("uri").asText()).isEqualTo("hq://node/" + ref);
            assertThat(contents.path("mimeType").asText()).isEqualTo("application/json");
            assertThat(Json.read(contents.path("text").asText(), JsonNode.class)
                            .at("/node/id")
                            .asText())
                    .isEqualTo(node.id());
        }
        assertThat(session.result("resources/read", Map.of("uri", "hq://tools"))
                        .at("/contents/0/text")
                        .asText())
                .contains("hq_search");
        assertThat(session.ask("resources/read", Map.of("uri", "hq://node/nobody"))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32002);
    }

    @Test
    void shouldKeepTheProtocolWhenItIsUsedOddly() {
        McpSession session = McpSession.of(CLIENT);
        assertThat(session.result("ping", Map.of())).isEmpty();
        assertThat(session.ask("no/such/method", Map.of()).at("/error/code").asInt())
                .isEqualTo(-32601);
        assertThat(session.ask(41, "tools/call", call("no_such_tool", Map.of())).has("error"))
                .isTrue();
        // And: which is written down like every other
        String row = "client:test:mcp:" + session.id() + ":41";
        await().until(() -> Fleet.action(row) != null);
        assertThat(Fleet.action(row).path("tool").asText()).isEqualTo("no_such_tool");
        assertThat(Fleet.action(row).path("status").asText()).isEqualTo("refused");
        assertThat(McpSession.post(token(), "no-such-session", McpSession.message(1, "ping", Map.of()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(McpSession.request(token(), session.id())
                        .body("{nonsense")
                        .post("/mcp")
                        .jsonPath()
                        .getInt("error.code"))
                .isEqualTo(-32700);
        // And: a session that was ended is over
        assertThat(McpSession.request(token(), session.id()).delete("/mcp").statusCode())
                .isBetween(200, 204);
        assertThat(McpSession.post(token(), session.id(), McpSession.message(2, "ping", Map.of()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldTellTwoSessionsApart() {
        McpSession one = McpSession.of(CLIENT);
        McpSession two = McpSession.of(CLIENT);
        assertThat(one.id()).isNotEqualTo(two.id());
        Object first = call("hq_task", Map.of("action", "create", "title", "From one"));
        Object second = call("hq_task", Map.of("action", "create", "title", "From two"));
        assertThat(one.ask(9, "tools/call", first).at("/result/isError").asBoolean())
                .isFalse();
        assertThat(two.ask(9, "tools/call", second).at("/result/isError").asBoolean())
                .isFalse();
        assertThat(graph.ofType("task")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://127.0.0.1:8082.evil.example", "null", "http://127.0.0.1"})
    void shouldTurnAwayPagesOfOtherSites(String origin) {
        Response response = McpSession.request(token(), null)
                .header("Origin", origin)
                .body(Json.write(McpSession.message(1, "initialize", McpSession.hello())))
                .post("/mcp");
        assertThat(response.statusCode()).isEqualTo(403);
    }

    @Test
    void shouldLetItsOwnPagesCall() {
        Response response = McpSession.request(token(), null)
                .header("Origin", "http://localhost:" + RestAssured.port)
                .body(Json.write(McpSession.message(1, "initialize", McpSession.hello())))
                .post("/mcp");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTurnAwayWhoHasNoRightToBeHere() {
        Object hello = McpSession.message(1, "initialize", McpSession.hello());
        assertThat(McpSession.post(null, null, hello).statusCode()).isEqualTo(401);
        assertThat(McpSession.post(null, null, hello).header("WWW-Authenticate"))
                .isEqualTo("Bearer");
        assertThat(McpSession.post(TestTokens.expired(CLIENT, Service.TOOL_REGISTRY), null, hello)
                        .statusCode())
                .isEqualTo(401);
        assertThat(McpSession.post(TestTokens.bearer(CLIENT, Service.GRAPH_SERVICE), null, hello)
                        .statusCode())
                .isEqualTo(401);
        for (String other :
                List.of("user:owner", "user:ana", "agent:chief", "system:supervisor", "worker:email_ingest")) {
            assertThat(McpSession.post(TestTokens.bearer(other, Service.TOOL_REGISTRY), null, hello)
                            .statusCode())
                    .as(other)
                    .isIn(401, 403);
        }
        Response version = given().contentType(ContentType.JSON)
                .header("Accept", "application/json, text/event-stream")
                .header("Authorization", "Bearer " + token())
                .header("MCP-Protocol-Version", "1999-01-01")
                .body(Json.write(hello))
                .post("/mcp");
        assertThat(version.statusCode()).isEqualTo(400);
        assertThat(McpSession.request(token(), null).get("/mcp/sse").statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldBeNobodyElseWhenAClientSaysSo() {
        // Given: a run of an agent that has the tool
        Fleet.curate("chief", "email_send", "hq_search");
        Fleet.Run run = Fleet.wake("chief");
        // Then: over the plain address the client is still itself
        Response response = Fleet.as(CLIENT)
                .body(Json.write(Map.of(
                        "call_id", run.nextCall(),
                        "session_id", run.sessionId(),
                        "task_id", run.taskId(),
                        "run_id", run.runId(),
                        "fence", run.fence(),
                        "arguments", graph.thread("Mine").answer("Hello."))))
                .post("/v1/tools/email_send/calls");
        assertThat(response.jsonPath().getString("error.code")).isEqualTo("not_granted");
        assertThat(response.jsonPath().getString("audit_event_id")).startsWith(CLIENT + ":");
        // And: the agent's own id is still free
        assertThat(run.call("hq_search", Map.of("query", "bakery")).status()).isEqualTo(CallStatus.DONE);
        // And: its tools are its own to see
        assertThat(Fleet.as(CLIENT)
                        .get("/v1/agents/client:test/tools?format=openai")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Fleet.as(CLIENT).get("/v1/agents/chief/tools").statusCode()).isEqualTo(403);
    }

    private static void autonomy(String action) {
        assertThat(Fleet.owner("hq_autonomy", "mcp-" + UUID.randomUUID(), Map.of("action", action, "reason", "mcp"))
                        .status())
                .isEqualTo(CallStatus.DONE);
    }

    private static Map<String, Object> call(String tool, Object arguments) {
        return Map.of("name", tool, "arguments", arguments);
    }

    private static String token() {
        return TestTokens.bearer(CLIENT, Service.TOOL_REGISTRY);
    }

    private static List<String> names(JsonNode tools) {
        return tools.findValuesAsText("name");
    }

    private static JsonNode named(JsonNode tools, String name) {
        for (JsonNode tool : tools) {
            if (tool.path("name").asText().equals(name)) {
                return tool;
            }
        }
        throw new AssertionError("no " + name + " in " + tools);
    }
}
