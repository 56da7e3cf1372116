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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EditList;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.ToolsView.ToolAction;
import org.capitania.contract.api.ToolsView.ToolView;
import org.capitania.contract.api.WorkerView;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** The tools that look, ask or start something, and those that are not there yet. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ReadToolsIT extends OwnerCalls {
    private static final Instant AT = Instant.parse("2026-11-20T09:00:00Z");

    @Inject
    Catalogue catalogue;

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
    void shouldListProposalsWithoutTheLettersInThem() {
        // Given: more than a result may hold
        String letter = "Dear Rita. ".repeat(5000);
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(Map.of(
                    "id",
                    "p-" + i,
                    "status",
                    "pending",
                    "summary",
                    "Mail " + i,
                    "arguments",
                    Map.of("body_text", letter)));
        }
        peers.on("GET", "/v1/proposals", r -> {
            assertThat(r.query()).isEqualTo("limit=50&status=pending");
            return Map.of("items", all, "next", "p-49");
        });
        // When
        JsonNode listed = done("hq_proposal", Map.of("action", "list", "status", "pending"));
        // Then
        assertThat(listed.path("items")).hasSize(50);
        assertThat(listed.at("/items/0").toString())
                .isEqualTo("{\"id\":\"p-0\",\"status\":\"pending\",\"summary\":\"Mail 0\"}");
        assertThat(listed.path("more").asBoolean()).isTrue();
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
}
