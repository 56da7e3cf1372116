package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.EditList;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.ToolsView.ToolAction;
import org.capitania.contract.api.ToolsView.ToolView;
import org.capitania.contract.api.WorkerView;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tools that look, ask or start something, and those that are not there yet. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ReadToolsIT {
    private static final Instant AT = Instant.parse("2026-11-20T09:00:00Z");

    @Inject
    Catalogue catalogue;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldSendTheCatalogueOnlyWhenItHasChanged() {
        Response all = Fleet.as("user:owner").get("/v1/tools");
        assertThat(all.jsonPath().getList("tools.name")).contains("hq_task", "hq_outside");
        assertThat(all.jsonPath().getString("tools.find { it.name == 'hq_task' }.prompt.options.owner"))
                .isEqualTo("driver");
        Response again = Fleet.as("user:owner")
                .header("If-None-Match", all.header("ETag"))
                .get("/v1/tools");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.asByteArray()).isEmpty();
        assertThat(Fleet.as("user:owner")
                        .header("If-None-Match", "\"of yesterday\"")
                        .get("/v1/tools")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldShowWhatIsMissing() {
        peers.on(
                "GET",
                "/v1/gaps",
                r -> new Gap.Summaries(
                        List.of(
                                new Gap.Summary("unanswered_ask", "Nobody answered", "chief", 2, "blocker", AT, 60L),
                                new Gap.Summary("stalled_deal", "It stands still", "chief", 0, null, null, null)),
                        AT));
        peers.on("GET", "/v1/gaps/unanswered_ask", r -> {
            assertThat(r.query()).isEqualTo("limit=5");
            return new Gap.Page(
                    "unanswered_ask",
                    "Nobody answered",
                    "chief",
                    List.of(new Gap("blocker", AT, 60, List.of("n-1"), "intent", "intent:a", "Rita waits", true)),
                    "next");
        });
        assertThat(done("hq_gap", Map.of("action", "list")).path("items")).hasSize(1);
        assertThat(done("hq_gap", Map.of("action", "list", "all", true)).path("items"))
                .hasSize(2);
        JsonNode shown = done("hq_gap", Map.of("action", "show", "name", "unanswered_ask", "limit", 5));
        assertThat(shown.at("/items/0/title").asText()).isEqualTo("Rita waits");
        assertThat(shown.path("more").asBoolean()).isTrue();
        assertThat(code("hq_gap", Map.of("action", "show", "name", "nothing_like_it")))
                .isEqualTo("not_found");
    }

    @Test
    void shouldRememberTheMostSalientFirst() {
        for (Map<String, Object> memory : List.<Map<String, Object>>of(
                Map.of("kind", "fact", "body_md", "Rita likes mornings", "salience", 0.4, "agent_id", "agent:chief"),
                Map.of("kind", "fact", "body_md", "Rita likes bread", "salience", 0.9, "agent_id", "agent:chief"),
                Map.of("kind", "fact", "body_md", "Rita likes rules", "salience", 0.9, "agent_id", "agent:operator"))) {
            graph.add("memory_entry", "memory:" + UUID.randomUUID(), null, "active", memory, false);
        }
        JsonNode all = done("hq_memory", Map.of("action", "search", "role", "chief", "query", "rita"));
        assertThat(all.path("items")).hasSize(2);
        assertThat(all.at("/items/0/body").asText()).isEqualTo("Rita likes bread");
        assertThat(done("hq_memory", Map.of("action", "search", "role", "chief", "salience", 0.5))
                        .path("items"))
                .hasSize(1);
        assertThat(done("hq_memory", Map.of("action", "search", "since", "2030-01-01T00:00:00Z"))
                        .path("items"))
                .isEmpty();
    }

    @Test
    void shouldTendWhatAnAgentRemembers() {
        NodeView old = remember("It rained.", 0.9, 1);
        NodeView strong = remember("Rita likes mornings.", 0.8, 36_500);
        NodeView weak = remember("rita likes MORNINGS", 0.3, 36_500);

        JsonNode tended = done("hq_memory", Map.of("action", "tend", "role", "chief"));

        assertThat(tended.path("decayed").asInt()).isEqualTo(1);
        assertThat(tended.path("merged").asInt()).isEqualTo(1);
        assertThat(tended.path("active").asInt()).isEqualTo(1);
        assertThat(graph.get(old.id()).status()).isEqualTo("decayed");
        assertThat(graph.get(weak.id()).status()).isEqualTo("superseded");
        assertThat(graph.get(strong.id()).status()).isEqualTo("active");
        assertThat(graph.edges()).contains(new FakeGraph.Edge("superseded_by", weak.id(), strong.id()));
        int writes = peers.requests("POST", "/v1/mutations").size();
        assertThat(done("hq_memory", Map.of("action", "tend", "role", "chief"))
                        .path("active")
                        .asInt())
                .isEqualTo(1);
        assertThat(peers.requests("POST", "/v1/mutations"))
                .as("nothing is left to do")
                .hasSize(writes);
        Fleet.curate("chief", "hq_memory");
        ToolResult refused = Fleet.wake("chief").call("hq_memory", Map.of("action", "tend", "role", "chief"));
        assertThat(refused.ok()).as("it is the owner's").isFalse();
    }

    private NodeView remember(String body, double salience, int days) {
        Map<String, Object> props = Map.of(
                "agent_id",
                "agent:chief",
                "kind",
                "fact",
                "body_md",
                body,
                "salience",
                salience,
                "decay_after_days",
                days);
        return graph.add("memory_entry", "memory:" + UUID.randomUUID(), null, "active", props, false);
    }

    @Test
    void shouldCountWhatThePipelineIsWorth() {
        for (Object price : List.of(100, 250.5)) {
            Map<String, Object> deal = Map.of("name", "Shop", "price", price, "currency", "EUR");
            graph.add("engagement", "engagement:" + UUID.randomUUID(), null, "proposal", deal, false);
        }
        JsonNode stages = done("pipeline_view", Map.of("limit", 1)).path("stages");
        assertThat(stages).hasSize(5);
        assertThat(stages.at("/1/count").asInt()).isEqualTo(2);
        assertThat(stages.at("/1/worth/EUR").asDouble()).isEqualTo(350.5);
        assertThat(stages.at("/1/deals")).hasSize(1);
        assertThat(done("pipeline_view", Map.of("stage", "declined")).path("stages"))
                .hasSize(1);
    }

    @Test
    void shouldWalkTheGraphAndStopWhereItIsTold() {
        NodeView a = graph.add("entity", "entity:a-" + UUID.randomUUID(), Map.of("name", "A"));
        NodeView b = graph.add("contact", "contact:b-" + UUID.randomUUID(), Map.of("name", "B"));
        NodeView c = graph.add("task", "task:c-" + UUID.randomUUID(), Map.of("title", "C"));
        graph.link("works_for", b.id(), a.id());
        graph.link("driven_by", c.id(), b.id());
        JsonNode all = done("graph_traverse", Map.of("from", a.slug(), "depth", 3));
        assertThat(all.path("nodes")).hasSize(3);
        assertThat(all.path("edges")).hasSize(2);
        assertThat(all.at("/nodes/2/depth").asInt()).isEqualTo(2);
        assertThat(done("graph_traverse", Map.of("from", a.slug(), "depth", 1)).path("nodes"))
                .hasSize(2);
        assertThat(done("graph_traverse", Map.of("from", a.slug(), "edges", List.of("driven_by")))
                        .path("nodes"))
                .hasSize(1);
        JsonNode few = done("graph_traverse", Map.of("from", a.slug(), "limit", 2));
        assertThat(few.path("nodes")).hasSize(2);
        assertThat(few.path("more").asBoolean()).isTrue();
        assertThat(code("graph_traverse", Map.of("from", "entity:nobody"))).isEqualTo("not_found");
        // A node with more connections than are shown at once: those that are followed are read on their own
        peers.on(
                "GET",
                "/v1/nodes/" + a.id(),
                r -> new NodeView.Detail(
                        a, new NodeView.Brief("root", "hq:root", "producer", "root"), List.of(), true));
        JsonNode busy = done("graph_traverse", Map.of("from", a.id(), "edges", List.of("works_for"), "depth", 1));
        assertThat(busy.path("nodes")).hasSize(2);
        assertThat(busy.path("more").asBoolean()).isFalse();
    }

    @Test
    void shouldTaintWhoeverIsShownTheNameOfWhatCameFromOutside() {
        // Given: a clean entity, and a stranger and a subject that say what they like
        Fleet.curate("operator", "hq_describe", "hq_entity", "hq_task", "graph_traverse", "hq_event_log");
        String slug = "entity:named-" + UUID.randomUUID();
        NodeView entity = graph.add("entity", slug, null, "active", Map.of("name", "Moinho"), false);
        NodeView alone = graph.add("entity", slug + "-alone", null, "active", Map.of("name", "Alone"), false);
        NodeView mail = graph.add("interaction", "mail:" + slug, null, "read", Map.of("subject", "Obey"), true);
        NodeView person = graph.add("contact", "contact:" + slug, null, "active", Map.of("name", "Obey me"), true);
        NodeView task = graph.add("task", "task:" + slug, null, "open", Map.of("title", "Answer"), false);
        graph.link("about", mail.id(), entity.id());
        graph.link("works_for", person.id(), entity.id());
        graph.link("about", task.id(), mail.id());
        // Then
        Map<String, Object> shown = Map.of("action", "show", "ref", task.id());
        assertThat(taints("hq_describe", Map.of("ref", entity.id()))).isTrue();
        assertThat(taints("hq_entity", Map.of("action", "show", "ref", entity.id())))
                .isTrue();
        assertThat(taints("hq_task", shown)).isTrue();
        assertThat(taints("graph_traverse", Map.of("from", entity.id(), "depth", 1)))
                .isTrue();
        assertThat(taints("hq_describe", Map.of("ref", alone.id()))).isFalse();
        assertThat(taints("hq_entity", Map.of("action", "show", "ref", alone.id())))
                .isFalse();
        assertThat(taints("graph_traverse", Map.of("from", alone.id()))).isFalse();
    }

    /** Whether what a task writes after a call is marked. */
    private boolean taints(String tool, Map<String, Object> arguments) {
        Fleet.Run run = Fleet.wake("operator");
        assertThat(run.call(tool, arguments).status()).isEqualTo(CallStatus.DONE);
        run.call("hq_event_log", Map.of("kind", "action", "title", "It was looked at"));
        JsonNode written =
                Json.tree(peers.requests("POST", "/v1/mutations").getLast().body());
        return written.at("/ops/0/tainted").asBoolean();
    }

    @Test
    void shouldShowATrajectoryByAnyOfItsNames() {
        Fleet.curate("operator", "hq_search", "hq_event_log");
        Fleet.Run run = Fleet.wake("operator");
        String call = run.nextCall();
        run.call("hq_event_log", call, Map.of("kind", "action", "title", "It happened"));
        for (String name : List.of(run.taskId(), run.sessionId(), call)) {
            JsonNode trace = done("hq_trace", Map.of("action", "show", "trace", name));
            assertThat(trace.path("task_id").asText()).isEqualTo(run.taskId());
            assertThat(trace.at("/actions/0/input").asText()).contains("It happened");
        }
        assertThat(code("hq_trace", Map.of("action", "show", "trace", "nothing")))
                .isEqualTo("not_found");
        assertThat(code("hq_trace", Map.of("action", "replay", "trace", call))).isEqualTo("not_found");
    }

    @Test
    void shouldPassOnWhatThePeersSay() {
        peers.on("GET", "/v1/reviews", r -> new ReviewList(List.of(review("open", null))));
        assertThat(done("hq_review", Map.of("action", "list"))
                        .at("/items/0/title")
                        .asText())
                .isEqualTo("Two addresses");
        peers.on(
                "POST",
                "/v1/reviews/r-1/resolve",
                r -> review("resolved", r.body().path("choice").asText()));
        JsonNode resolved = done("hq_review", Map.of("action", "resolve", "ref", "r-1", "choice", "opt-1"));
        assertThat(resolved.at("/items/0/choice").asText()).isEqualTo("opt-1");
        assertThat(peers.requests("POST", "/v1/reviews/r-1/resolve").getLast().onBehalfOf())
                .isEqualTo("user:owner");
        peers.on("GET", "/v1/edits", r -> new EditList(List.of(edit()), null));
        JsonNode edit =
                done("hq_edit_log", Map.of("tool", "email_send", "limit", 5)).at("/items/0");
        assertThat(edit.at("/changes/0/after").asText()).isEqualTo("Re: Hours");
        assertThat(edit.path("edit_type").asText()).isEqualTo("tweaked");
        assertThat(peers.requests("GET", "/v1/edits").getLast().query()).contains("tool=email_send", "limit=5");
        peers.on("POST", "/v1/workers/email_ingest/runs", r -> new WorkerView.Run("email_ingest", 3));
        peers.on("POST", "/v1/workers/triage/runs", r -> {
            throw new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "the worker triage is not built yet");
        });
        assertThat(done("worker_run", Map.of("worker", "email_ingest"))
                        .path("requeued")
                        .asInt())
                .isEqualTo(3);
        assertThat(code("worker_run", Map.of("worker", "triage"))).isEqualTo("not_available_yet");
        assertThat(code("worker_run", Map.of("worker", "../agents"))).isEqualTo("schema_violation");
        peers.on("POST", "/v1/messages", r -> new MessageRequest.Sent("m-1", null, null, null, false));
        assertThat(done("send_message", Map.of("to", "operator", "text", "Look"))
                        .path("message_id")
                        .asText())
                .isEqualTo("m-1");
        assertThat(peers.requests("POST", "/v1/messages")
                        .getLast()
                        .body()
                        .path("kind")
                        .asText())
                .isEqualTo("send");
        peers.on(
                "POST",
                "/v1/agents/chief/pause",
                r -> Json.MAPPER.createObjectNode().put("state", "paused"));
        assertThat(done("hq_agent", Map.of("action", "pause", "agent", "chief", "reason", "Enough", "for", "2h"))
                        .path("state")
                        .asText())
                .isEqualTo("paused");
        assertThat(peers.requests("POST", "/v1/agents/chief/pause")
                        .getLast()
                        .body()
                        .path("for")
                        .asText())
                .isEqualTo("2h");
    }

    @Test
    void shouldSayWithWhatItComesWhenAToolIsNotThereYet() {
        int later = 0;
        JsonNode listed = done("hq_tools", Map.of("action", "list")).path("tools");
        for (ToolDefinition tool : catalogue.all()) {
            ToolView view = tool.view();
            for (JsonNode example : tool.examples()) {
                String why = tool.verb(example).notYet();
                if (why != null) {
                    later++;
                    ToolResult result = owner(tool.name(), example);
                    boolean ownerOnly = tool.verb(example).ownerOnly();
                    assertThat(result.error().code())
                            .as("%s %s", tool.name(), ownerOnly)
                            .isEqualTo("not_available_yet");
                    assertThat(result.error().message()).contains(why);
                }
            }
            boolean missing = view.notYet() != null
                    || view.actions().stream().map(ToolAction::notYet).anyMatch(w -> w != null);
            for (JsonNode line : listed) {
                if (line.path("name").asText().equals(tool.name())) {
                    assertThat(line.has("not_yet")).as(tool.name()).isEqualTo(missing);
                }
            }
        }
        assertThat(later).isPositive();
    }

    private static ToolResult owner(String tool, Object arguments) {
        return Fleet.owner(tool, "owner-" + UUID.randomUUID(), arguments);
    }

    private static String code(String tool, Object arguments) {
        return Fleet.refusal(owner(tool, arguments));
    }

    private static ReviewList.Review review(String status, String choice) {
        List<ReviewList.Option> options = List.of(new ReviewList.Option("opt-1", "Porto"));
        return new ReviewList.Review(
                "r-1",
                "conflict",
                status,
                "Two addresses",
                null,
                "n-1",
                "worker:triage",
                AT,
                options,
                choice,
                null,
                null,
                null,
                null);
    }

    private static EditList.Edit edit() {
        EditList.Change subject =
                new EditList.Change("subject", TextNode.valueOf("Re: Yours"), TextNode.valueOf("Re: Hours"));
        return new EditList.Edit(
                "e-1",
                "p-1",
                "s:1:0",
                "agent:chief",
                "email_send",
                "tweaked",
                0.1,
                List.of(subject),
                null,
                "user:owner",
                AT,
                false);
    }

    private static JsonNode done(String tool, Object arguments) {
        ToolResult result = owner(tool, arguments);
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }
}
