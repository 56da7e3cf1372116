package org.capitania.registry.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionMessages;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeGraph.Edge;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a session came to what it did is told by its nodes: one trace a model call, one run, and what each read, decided and touched. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class TraceIT extends AmongPeers {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    private FakeGraph.Thread thread;
    private Fleet.Run run;
    private NodeView entity;
    private String event;

    /** A session of operator's: it looks at an entity, notes an event, and remembers something of it. */
    @BeforeEach
    void workAndClose() {
        Fleet.curate("operator", "hq_describe", "hq_event_log");
        thread = graph.thread("Bread");
        entity = graph.add("entity", "padaria-" + UUID.randomUUID(), Map.of("name", "Padaria"));
        run = Fleet.wake("operator");
        open();
        call("hq_describe", "0:1", Map.of("ref", entity.slug()));
        event = call("hq_event_log", "1:1", Map.of("kind", "action", "title", "Looked"))
                .data()
                .path("id")
                .asText();
        for (String call : List.of("0:model", "1:model", "1:model-r1", "2:model", "3:model")) {
            book(call);
        }
        Map<String, Object> close = ending();
        close.put("memory", List.of(Map.of("kind", "fact", "body", "They bake at five.", "salience", 0.7)));
        close.put("memory_entry_count", 1);
        Fleet.as("agent:operator")
                .body(Json.write(close))
                .post("/v1/sessions/{id}/close", run.sessionId())
                .then()
                .statusCode(200);
    }

    @Test
    void shouldLeaveOneTraceAModelCallAndOneRun() {
        List<NodeView> traces = graph.ofType("reasoning_trace");
        assertThat(traces)
                .extracting(NodeView::externalId)
                .containsExactly(id("0:model"), id("1:model"), id("2:model"), id("3:model"));
        assertThat(traces).extracting(n -> n.text("purpose")).containsExactly("turn", "turn", "turn", "snapshot");
        assertThat(traces.get(1).props().path("tokens_in").asInt())
                .as("of both attempts")
                .isEqualTo(240);
        assertThat(traces.get(1).props().path("cost_usd").decimalValue()).isEqualByComparingTo("0.04");
        assertThat(traces.getFirst().text("inputs_digest")).isEqualTo("digest-0");
        assertThat(traces)
                .extracting(n -> n.props().path("confidence").asText())
                .containsExactly("", "0.7", "", "");
        assertThat(traces.getFirst().text("output_md")).isEqualTo("said 0");
        NodeView first = traces.getFirst();
        NodeView second = traces.get(1);
        assertThat(to("input_to", first))
                .containsExactlyInAnyOrder(
                        thread.conversation().id(), thread.mail().id());
        assertThat(to("input_to", second)).containsExactly(entity.id());
        assertThat(to("decided", first)).isEmpty();
        assertThat(to("decided", second)).containsExactly(event);
        NodeView memory = graph.ofType("memory_entry").getFirst();
        assertThat(to("produced_by", memory))
                .as("one hop to why")
                .containsExactly(traces.getLast().id());

        assertThat(graph.ofType("agent_run")).singleElement().satisfies(node -> {
            assertThat(node.status()).isEqualTo("finished");
            assertThat(node.text("run_id")).isEqualTo(run.runId());
            assertThat(node.props().path("turns").asInt()).isEqualTo(3);
            assertThat(node.props().path("tool_calls").asInt()).isEqualTo(2);
            assertThat(to("touched", node))
                    .contains(
                            entity.id(),
                            event,
                            thread.conversation().id(),
                            thread.mail().id());
        });
    }

    @Test
    void shouldRefuseAMemoryThatCameFromNoModelCall() {
        run = Fleet.wake("operator");
        open();
        Map<String, Object> close = ending();
        close.put("memory", List.of(Map.of("kind", "fact", "body", "Out of nowhere.", "salience", 0.7)));
        close.put("memory_entry_count", 1);
        Fleet.as("agent:operator")
                .body(Json.write(close))
                .post("/v1/sessions/{id}/close", run.sessionId())
                .then()
                .statusCode(422);
    }

    @Test
    void shouldTellWhatWasReadAndDecidedByAnyName() {
        String memory = graph.ofType("memory_entry").getFirst().id();
        String trace = graph.ofType("reasoning_trace").get(1).id();
        for (String name : List.of(run.taskId(), run.sessionId(), id("1:1"))) {
            JsonNode inputs = trace("inputs", name);
            assertThat(inputs.path("task_id").asText()).isEqualTo(run.taskId());
            assertThat(inputs.path("traces")).hasSize(4);
            assertThat(inputs.at("/traces/1/inputs/0/id").asText()).isEqualTo(entity.id());
        }
        assertThat(trace("decided", run.taskId()).at("/traces/1/decided/0/id").asText())
                .isEqualTo(event);
        for (String name : List.of(trace, id("1:model"))) {
            assertThat(trace("decided", name).path("traces")).hasSize(1);
        }
        assertThat(trace("explain", memory).path("explanation").asText())
                .contains("They bake at five.", "agent:operator", run.sessionId(), "said 3");
        assertThat(trace("explain", run.taskId()).path("explanation").asText())
                .contains("Padaria", "event", "said 0", "memory_entry");
    }

    @Test
    void shouldReplayWhatTheAgentKeeps() {
        SessionMessages kept = new SessionMessages(
                run.sessionId(),
                id("2:model"),
                "digest-2",
                List.of(
                        new SessionMessages.Message("system", "You are operator."),
                        new SessionMessages.Message("user", "This came in.")));
        peers.on(Service.AGENT_OPERATOR, "GET", "/v1/sessions/([^/]+)/messages", r -> kept);

        JsonNode replay = trace("replay", run.sessionId());

        assertThat(peers.requests("GET", "/v1/sessions/" + run.sessionId() + "/messages"))
                .singleElement()
                .satisfies(r -> assertThat(r.query()).isEqualTo("call=" + id("2:model")));
        assertThat(replay.path("call_id").asText()).isEqualTo(id("2:model"));
        assertThat(replay.path("unchanged").asBoolean()).isTrue();
        assertThat(replay.path("messages")).hasSize(2);
        assertThat(replay.at("/messages/1/text").asText()).isEqualTo("This came in.");
    }

    @Test
    void shouldShowAnAgentThatSpeaksToTheOutsideItsOwnOnly() {
        Fleet.curate("chief", "hq_trace");
        Fleet.Run chief = Fleet.wake("chief");
        ToolResult refused = chief.call("hq_trace", Map.of("action", "inputs", "trace", run.sessionId()));
        assertThat(Fleet.refusal(refused)).isEqualTo("not_found");
        Fleet.curate("operator", "hq_trace");
        ToolResult own = Fleet.wake("operator").call("hq_trace", Map.of("action", "inputs", "trace", run.sessionId()));
        assertThat(own.ok()).as("%s", own).isTrue();
    }

    private static JsonNode trace(String action, String name) {
        ToolResult result =
                Fleet.owner("hq_trace", "owner-" + UUID.randomUUID(), Map.of("action", action, "trace", name));
        assertThat(result.ok()).as("%s", result).isTrue();
        return result.data();
    }

    private Set<String> to(String edge, NodeView from) {
        return graph.edges().stream()
                .filter(e -> e.type().equals(edge) && e.from().equals(from.id()))
                .map(Edge::to)
                .collect(Collectors.toSet());
    }

    private String id(String call) {
        return run.sessionId() + ":" + call;
    }

    private ToolResult call(String tool, String call, Map<String, ?> arguments) {
        ToolResult result = run.call(tool, id(call), arguments);
        assertThat(result.ok()).as("%s", result).isTrue();
        return result;
    }

    private void book(String call) {
        String entry =
                "{\"input_tokens\": 100, \"cache_read_tokens\": 20, \"output_tokens\": 7, \"purpose\": \"turn\"}";
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO model_reservations (reservation_id, call_id, agent, session_id, provider, model, day, reserved_usd, spent_usd, status,
                                                settled_at, ledger_entry)
                VALUES ($1, $2, 'operator', $3, 'anthropic', 'claude-haiku-4-5', '2020-01-01', 0.4, 0.02, 'settled', clock_timestamp(), $4::text::jsonb)
                """, UUID.randomUUID().toString(), id(call), run.sessionId(), entry));
    }

    private void open() {
        Map<String, Object> trigger = Map.of(
                "type",
                "email.received",
                "conversation_id",
                thread.conversation().id(),
                "interaction_id",
                thread.mail().id(),
                "tainted",
                true);
        Fleet.as("agent:operator")
                .body(Map.of(
                        "session_id",
                        run.sessionId(),
                        "task_id",
                        run.taskId(),
                        "role",
                        "operator",
                        "run_id",
                        run.runId(),
                        "fence",
                        run.fence(),
                        "trigger",
                        trigger))
                .post("/v1/sessions")
                .then()
                .statusCode(200);
    }

    private Map<String, Object> ending() {
        Map<String, Object> close = new HashMap<>(SessionIT.closing(run));
        close.put("role", "operator");
        close.put("model", "claude-haiku-4-5");
        Map<String, Object> sure = new HashMap<>(turn(1, "turn"));
        sure.put("confidence", 0.7);
        close.put("turns", List.of(turn(0, "turn"), sure, turn(2, "turn"), turn(3, "snapshot")));
        return close;
    }

    private Map<String, Object> turn(int turn, String purpose) {
        return Map.of(
                "call_id",
                id(turn + ":model"),
                "turn",
                turn,
                "purpose",
                purpose,
                "inputs_digest",
                "digest-" + turn,
                "output",
                "said " + turn);
    }
}
