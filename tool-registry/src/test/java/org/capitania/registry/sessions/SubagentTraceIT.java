package org.capitania.registry.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeGraph.Edge;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a project agent did is told by nodes of its own, under the session that started it; a session is closed late in any run of its agent. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class SubagentTraceIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private FakePeers peers;
    private FakeGraph graph;
    private FakeGraph.Thread thread;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        thread = graph.thread("Bread");
        Fleet.guardiansLive();
        Fleet.as("agent:chief")
                .body(Json.write(Map.of(
                        "tools",
                        List.of("project_run"),
                        "workspace_version",
                        "1",
                        "subagents",
                        List.of(Map.of("name", "project-agent", "project", true, "tools", List.of("hq_task"))))))
                .post("/v1/agents/chief/curation")
                .then()
                .statusCode(200);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldTellWhatAProjectAgentDecidedUnderTheSessionThatStartedIt() {
        // Given
        NodeView shop = graph.add("project", "project-shop-" + tag, Map.of("name", "Shop"));
        Fleet.Run run = Fleet.wake("chief");
        SessionIT.open(run, thread, false);
        String start = run.nextCall();
        ToolResult started =
                run.call("project_run", start, Map.of("project", shop.slug(), "task", "Change the opening hours."));
        assertThat(started.ok()).as("%s", started).isTrue();
        String session = started.data().path("id").asText();
        String task = act(run, session, start, shop.slug());
        book(session);
        // When
        close(run, session, run.taskId());
        close(run, run.sessionId(), run.taskId());
        // Then
        NodeView trace = graph.ofType("reasoning_trace").getFirst();
        assertThat(trace.externalId()).isEqualTo(session + ":0:model");
        assertThat(graph.edges()).contains(new Edge("decided", trace.id(), task));
        List<NodeView> sessions = graph.ofType("agent_session");
        assertThat(sessions).extracting(NodeView::externalId).containsExactly(session, run.sessionId());
        assertThat(graph.edges())
                .contains(new Edge(
                        "part_of", sessions.getFirst().id(), sessions.getLast().id()));
    }

    @Test
    void shouldCloseASessionInALaterRunWithoutTakingThePlaceOfANewerMemo() {
        Fleet.Run first = Fleet.wake("chief");
        SessionIT.open(first, thread, false);
        // It was put away here once, and what it left never came to the graph.
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE sessions SET closed_at = clock_timestamp() - interval '1 hour' WHERE session_id = $1",
                        first.sessionId()));
        Fleet.Run second = Fleet.wake("chief");
        SessionIT.open(second, thread, false);
        close(second, second.sessionId(), second.taskId());
        Fleet.Run third = Fleet.wake("chief");
        // When
        close(third, first.sessionId(), first.taskId());
        // Then
        List<NodeView> memos = graph.ofType("agent_handover_memo");
        assertThat(memos).extracting(NodeView::status).containsExactly("current", "superseded");
        assertThat(graph.edges()).noneMatch(edge -> edge.type().equals("superseded_by"));
        // And: nobody closes what is no session of theirs
        Fleet.as("agent:chief")
                .body(Json.write(closing(third, "task-of-nobody")))
                .post("/v1/sessions/{id}/close", first.sessionId())
                .then()
                .statusCode(409);
    }

    @Test
    void shouldTakeThePlaceOfNoNewerMemoWithWhatWasRefusedAtFirst() {
        Fleet.Run first = Fleet.wake("chief");
        SessionIT.open(first, thread, false);
        Map<String, Object> cutOff = closing(first, first.taskId());
        cutOff.put("memory_entry_count", 1);
        Fleet.as("agent:chief")
                .body(Json.write(cutOff))
                .post("/v1/sessions/{id}/close", first.sessionId())
                .then()
                .statusCode(422);
        Fleet.Run second = Fleet.wake("chief");
        SessionIT.open(second, thread, false);
        close(second, second.sessionId(), second.taskId());
        // When
        close(Fleet.wake("chief"), first.sessionId(), first.taskId());
        // Then
        assertThat(graph.ofType("agent_handover_memo"))
                .extracting(NodeView::status)
                .containsExactly("current", "superseded");
    }

    @ParameterizedTest
    @CsvSource({
        "code-reviewer, finished, pass: I looked at both files., pass",
        "code-reviewer, finished, **Changes**: Hours.java:3 fails., changes",
        "code-reviewer, finished, I could pass it., ",
        "code-reviewer, failed, pass, ",
        "explore, finished, pass, "
    })
    void shouldKeepTheVerdictOfACodeReview(String subagent, String outcome, String said, String verdict) {
        Fleet.Run run = Fleet.wake("chief");
        String session = "sub-" + UUID.randomUUID();
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO sessions (session_id, task_id, role, run_id, header, parent_session_id, parent_call_id, subagent, tools)
                        VALUES ($1, $2, 'chief', $3, '', 's', $1, $4, '{}')
                        """, session, run.taskId(), run.runId(), subagent));
        book(session);
        Map<String, Object> close = closing(run, run.taskId());
        close.put("outcome", outcome);
        close.put("turns", List.of(turn(session, 0, said), turn(session, 1, "<task-complete reason=\"read\"/>")));
        // When
        Fleet.as("agent:chief")
                .body(Json.write(close))
                .post("/v1/sessions/{id}/close", session)
                .then()
                .statusCode(200);
        // Then
        String kept = sql.read(
                SCOPE,
                tx -> tx.one("SELECT coalesce(verdict, '') AS verdict FROM sessions WHERE session_id = $1", session)
                        .map(row -> row.getString("verdict"))
                        .orElseThrow());
        assertThat(kept).isEqualTo(verdict == null ? "" : verdict);
    }

    private static Map<String, Object> turn(String session, int turn, String said) {
        return Map.of(
                "call_id",
                session + ":" + turn + ":model",
                "turn",
                turn,
                "purpose",
                "turn",
                "inputs_digest",
                "digest",
                "output",
                said);
    }

    private static Map<String, Object> closing(Fleet.Run run, String task) {
        Map<String, Object> close = new HashMap<>(SessionIT.closing(run));
        close.put("task_id", task);
        close.put("memo", "Done.");
        return close;
    }

    private static void close(Fleet.Run run, String session, String task) {
        Fleet.as("agent:chief")
                .body(Json.write(closing(run, task)))
                .post("/v1/sessions/{id}/close", session)
                .then()
                .statusCode(200);
    }

    private static String act(Fleet.Run run, String session, String parent, String project) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "call_id",
                session + ":0:1",
                "session_id",
                session,
                "task_id",
                run.taskId(),
                "run_id",
                run.runId(),
                "fence",
                run.fence()));
        body.put("parent_id", parent);
        body.put("arguments", Map.of("action", "create", "title", "Change the opening hours", "project", project));
        ToolResult made = Json.read(
                Fleet.as("agent:chief")
                        .body(Json.write(body))
                        .post("/v1/tools/hq_task/calls")
                        .asString(),
                ToolResult.class);
        assertThat(made.ok()).as("%s", made).isTrue();
        return made.data().path("id").asText();
    }

    private void book(String session) {
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO model_reservations (reservation_id, call_id, agent, session_id, provider, model, day, reserved_usd, spent_usd, status,
                                                settled_at, ledger_entry)
                VALUES ($1, $2, 'chief', $3, 'anthropic', 'claude-haiku-4-5', '2020-01-01', 0.4, 0.02, 'settled', clock_timestamp(), '{}')
                """, UUID.randomUUID().toString(), session + ":0:model", session));
    }
}
