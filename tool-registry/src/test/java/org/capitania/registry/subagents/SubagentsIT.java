package org.capitania.registry.subagents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a subagent was not started with it cannot do, whatever its agent may and whatever it is told. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class SubagentsIT {
    private static final List<String> PROJECT_TOOLS =
            List.of("hq_task", "hq_event_log", "file_read", "file_write", "email_thread_read");
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");
    private static final Map<String, Object> QUESTION =
            Map.of("subagent", "explore", "question", "Where do we stand with Aurora?");

    @Inject
    Sql sql;

    @Inject
    Runs runs;

    @Inject
    Gates gates;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private FakePeers peers;
    private FakeGraph graph;
    private Fleet.Run chief;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.guardiansLive();
        curate("hq_search", "hq_timeline", "email_thread_read", "agent_spawn", "project_run");
        chief = Fleet.wake("chief");
    }

    @AfterEach
    void stopPeers() {
        sql.run(SCOPE, tx -> gates.open(tx, "chief", ErrorCode.AGENT_PAUSED));
        peers.close();
    }

    /** A subagent at work: the call that started it, and its session. */
    private record Sub(Fleet.Run run, String call, String session) {
        ToolResult call(String tool, String id, Object arguments) {
            return call(tool, id, call, run.taskId(), arguments);
        }

        ToolResult call(String tool, Object arguments) {
            return call(tool, session + ":" + run.turn().incrementAndGet() + ":1", arguments);
        }

        ToolResult call(String tool, String id, String parent, String task, Object arguments) {
            Map<String, Object> body = new HashMap<>(Map.of(
                    "call_id",
                    id,
                    "session_id",
                    session,
                    "task_id",
                    task,
                    "run_id",
                    run.runId(),
                    "fence",
                    run.fence()));
            body.put("parent_id", parent);
            body.put("arguments", arguments);
            return Json.read(
                    Fleet.as("agent:" + run.role())
                            .body(Json.write(body))
                            .post("/v1/tools/{tool}/calls", tool)
                            .asString(),
                    ToolResult.class);
        }
    }

    @Test
    void shouldDoWhatItWasStartedWithAndNothingElse() {
        Sub sub = spawn();
        // Then: its own, under the call that started it
        String id = sub.session() + ":0:1";
        assertThat(sub.call("hq_search", id, Map.of("query", "Aurora")).status())
                .isEqualTo(CallStatus.DONE);
        assertThat(ledger(id)).isEqualTo("agent:chief inside " + sub.call());
        // And: nothing that its agent has and it was not given, asked for by its definition or not
        for (String tool : List.of("hq_timeline", "email_send", "agent_spawn", "project_run", "hq_tools")) {
            assertThat(refusal(sub.call(tool, QUESTION))).as(tool).isEqualTo("not_granted");
        }
        // And: what it is shown is the same
        assertThat(shown(sub.session())).containsExactlyInAnyOrder("email_thread_read", "hq_search");
    }

    @Test
    void shouldLoseWhatItsAgentLoses() {
        Sub sub = spawn();
        curate("hq_timeline", "agent_spawn");

        assertThat(refusal(sub.call("hq_search", Map.of("query", "Aurora")))).isEqualTo("not_granted");
        assertThat(shown(sub.session())).isEmpty();
    }

    @Test
    void shouldBeOneSessionHoweverOftenItIsStarted() {
        String call = chief.nextCall();
        ToolResult first = chief.call("agent_spawn", call, QUESTION);
        assertThat(first.status()).as("%s", first).isEqualTo(CallStatus.DONE);
        assertThat(chief.call("agent_spawn", call, QUESTION)).isEqualTo(first);
        // And: in the next run too
        Fleet.Run again = Fleet.resume(chief);
        assertThat(again.call("agent_spawn", call, QUESTION)).isEqualTo(first);
        Sub sub = new Sub(again, call, first.data().path("id").asText());
        assertThat(sub.call("hq_search", Map.of("query", "Aurora")).status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldBeRefusedInASessionThatIsNotItsOwn() {
        Sub sub = spawn();
        String id = sub.session() + ":7:";
        Map<String, Object> query = Map.of("query", "Aurora");
        Fleet.Run other = Fleet.wake("chief");

        assertThat(refusal(sub.call("hq_search", id + 1, "another", chief.taskId(), query)))
                .isEqualTo("fenced");
        assertThat(refusal(sub.call("hq_search", id + 2, sub.call(), "another", query)))
                .isEqualTo("fenced");
        assertThat(refusal(new Sub(other, sub.call(), sub.session()).call("hq_search", query)))
                .isEqualTo("fenced");
        assertThat(refusal(new Sub(chief, sub.call(), "sub-" + tag).call("hq_search", query)))
                .isEqualTo("fenced");
        // And: when it is over
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE sessions SET closed_at = clock_timestamp() WHERE session_id = $1", sub.session()));
        assertThat(refusal(sub.call("hq_search", query))).isEqualTo("fenced");
    }

    @Test
    void shouldTaintTheTaskItSharesWithItsAgent() {
        Sub sub = spawn();
        String thread = graph.thread("Delivery").conversation().id();
        assertThat(sub.call("email_thread_read", Map.of("conversation_id", thread))
                        .status())
                .isEqualTo(CallStatus.DONE);

        List<String> sources = sql.tx(SCOPE, tx -> runs.taints(tx, chief.taskId()));
        assertThat(sources).isNotEmpty();
    }

    @Test
    void shouldTellItItsQuestionAndNothingOfItsAgentsPast() {
        graph.add(
                "memory_entry",
                "m-" + tag,
                null,
                Map.of("agent_id", "agent:chief", "kind", "fact", "body_md", "The bakery closes on Mondays."),
                false);
        assertThat(header(spawn().session()))
                .contains("Where do we stand with Aurora?")
                .doesNotContain("bakery");
    }

    @Test
    void shouldNotStartWhoIsNotInTheWorkspace() {
        ToolResult nobody = chief.call("agent_spawn", Map.of("subagent", "butler", "question", "Bring me some tea."));
        assertThat(nobody.error().code()).isEqualTo("not_found");
        assertThat(nobody.error().hint()).contains("explore").doesNotContain("project-agent");
        assertThat(refusal(chief.call(
                        "agent_spawn", Map.of("subagent", "project-agent", "question", "Change another project."))))
                .isEqualTo("not_found");
        assertThat(refusal(Fleet.owner("agent_spawn", "owner-" + UUID.randomUUID(), QUESTION)))
                .isEqualTo("denied");
        assertThat(refusal(Fleet.ask("chief").call("agent_spawn", QUESTION))).isEqualTo("denied");
    }

    @Test
    void shouldWorkInItsOwnProjectAsSomebodyOfItsOwn() {
        NodeView shop = graph.add("project", "project-shop-" + tag, Map.of("name", "Shop"));
        NodeView other = graph.add("project", "project-other-" + tag, Map.of("name", "Other"));
        NodeView elsewhere = graph.add("task", "task-" + tag, Map.of("title", "Not yours"));
        graph.link("belongs_to", elsewhere.id(), other.id());
        Sub sub = project(shop);
        // Then: its own role, which has what its agent has not
        String id = sub.session() + ":0:1";
        ToolResult made = sub.call("hq_task", id, task(shop.slug()));
        assertThat(made.status()).as("%s", made).isEqualTo(CallStatus.DONE);
        assertThat(ledger(id)).isEqualTo("agent:project:shop-" + tag + " inside " + sub.call());
        assertThat(ledger(sub.call())).isEqualTo("agent:chief inside null");
        assertThat(sub.call(
                                "hq_task",
                                Map.of(
                                        "action",
                                        "complete",
                                        "ref",
                                        made.data().path("id").asText()))
                        .status())
                .isEqualTo(CallStatus.DONE);
        // And: no other project's records, nor any that belong nowhere
        assertThat(refusal(sub.call("hq_task", task(other.slug())))).isEqualTo("cross_scope_violation");
        assertThat(refusal(sub.call("hq_task", Map.of("action", "create", "title", "Belongs nowhere"))))
                .isEqualTo("cross_scope_violation");
        assertThat(refusal(sub.call("hq_task", Map.of("action", "complete", "ref", elsewhere.id()))))
                .isEqualTo("cross_scope_violation");
        // And: no link to another project either, but to what belongs to none
        NodeView rita = graph.add("contact", "contact-" + tag, Map.of("name", "Rita"));
        for (NodeView at : List.of(rita, other, elsewhere)) {
            Map<String, Object> linked = new HashMap<>(task(shop.slug()));
            linked.put("about", List.of(at.slug()));
            assertThat(sub.call("hq_task", linked).status())
                    .isEqualTo(at == rita ? CallStatus.DONE : CallStatus.REFUSED);
        }
        assertThat(sub.call("hq_event_log", note(shop)).status()).isEqualTo(CallStatus.DONE);
        assertThat(refusal(sub.call("hq_event_log", note(other)))).isEqualTo("cross_scope_violation");
        assertThat(refusal(sub.call("email_thread_read", Map.of("conversation_id", "c-1"))))
                .isEqualTo("not_granted");
    }

    @Test
    void shouldWriteBelowItsOwnProjectAndNotItsOwnRules() {
        NodeView shop = graph.add("project", "project-shop-" + tag, Map.of("name", "Shop"));
        Sub sub = project(shop);
        String own = "projects/shop-" + tag + "/";

        assertThat(write(sub, own + "notes.md").status()).isEqualTo(CallStatus.DONE);
        assertThat(sub.call("file_read", Map.of("path", own + "notes.md")).status())
                .isEqualTo(CallStatus.DONE);
        for (String path : List.of(
                own + "CLAUDE.md", "projects/other/notes.md", "outputs/briefs/x.md", "agents/chief/MEMORY.md")) {
            assertThat(refusal(write(sub, path))).as(path).isEqualTo("cross_scope_violation");
        }
        assertThat(refusal(sub.call("file_read", Map.of("path", "projects/other/notes.md"))))
                .isEqualTo("cross_scope_violation");
    }

    @Test
    void shouldStopWithTheAgentThatStartedIt() {
        Sub sub = project(graph.add("project", "project-shop-" + tag, Map.of("name", "Shop")));
        sql.run(SCOPE, tx -> gates.close(tx, "chief", ErrorCode.AGENT_PAUSED, "enough"));
        assertThat(refusal(sub.call("hq_task", task("project-shop-" + tag)))).isEqualTo("agent_paused");
        sql.run(SCOPE, tx -> gates.open(tx, "chief", ErrorCode.AGENT_PAUSED));
        // And: a project agent's change is looked at once more by the gates of the run it is in
        assertThat(sql.<String>tx(SCOPE, tx -> runs.role(tx, "agent:project:shop-" + tag, chief.runId())))
                .isEqualTo("chief");
    }

    @Test
    void shouldLetWorkInAProjectWaitWhileNineTenthsOfThePlanAreUsed() {
        NodeView shop = graph.add("project", "project-shop-" + tag, Map.of("name", "Shop"));
        Map<String, Object> work = Map.of("project", shop.slug(), "task", "Change the opening hours.");
        window("clock_timestamp() + interval '1 hour'");
        try {
            ToolResult refused = chief.call("project_run", work);
            assertThat(refusal(refused)).isEqualTo("budget_exhausted");
            assertThat(refused.error().message()).contains("95 % of its own window");
            assertThat(chief.call("agent_spawn", QUESTION).status()).isEqualTo(CallStatus.DONE);
            // And: an emergency does not wait
            sql.run(SCOPE, tx -> tx.execute("""
                    INSERT INTO sessions (session_id, task_id, role, run_id, trigger, header) VALUES ($1, $2, 'chief', $3, '{"type":"alert.fired"}', '')
                    """, chief.sessionId(), chief.taskId(), chief.runId()));
            assertThat(chief.call("project_run", work).status()).isEqualTo(CallStatus.DONE);
        } finally {
            window("clock_timestamp()");
        }
    }

    private void window(String ends) {
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "INSERT INTO provider_windows (provider, name, used, ends_at) VALUES ('test', 'window', 0.95, "
                                + ends
                                + ") ON CONFLICT (tenant_id, provider, name) DO UPDATE SET ends_at = excluded.ends_at"));
    }

    private String ledger(String call) {
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT actor, parent_id FROM calls WHERE call_id = $1", call)
                        .map(row -> row.getString("actor") + " inside " + row.getString("parent_id"))
                        .orElseThrow());
    }

    private static Map<String, Object> task(String project) {
        return Map.of("action", "create", "title", "Change the opening hours", "project", project);
    }

    private static Map<String, Object> note(NodeView about) {
        return Map.of("kind", "milestone", "title", "It is done", "about", List.of(about.slug()));
    }

    private static ToolResult write(Sub sub, String path) {
        return sub.call("file_write", Map.of("path", path, "content", "7 to 20\n"));
    }

    private Sub spawn() {
        String call = chief.nextCall();
        ToolResult started = chief.call("agent_spawn", call, QUESTION);
        assertThat(started.status()).as("%s", started).isEqualTo(CallStatus.DONE);
        return new Sub(chief, call, started.data().path("id").asText());
    }

    private Sub project(NodeView project) {
        String call = chief.nextCall();
        ToolResult started =
                chief.call("project_run", call, Map.of("project", project.slug(), "task", "Change the opening hours."));
        assertThat(started.status()).as("%s", started).isEqualTo(CallStatus.DONE);
        return new Sub(chief, call, started.data().path("id").asText());
    }

    private String header(String session) {
        return Json.read(
                        Fleet.as("agent:chief")
                                .body(Json.write(Map.of(
                                        "session_id",
                                        session,
                                        "task_id",
                                        chief.taskId(),
                                        "role",
                                        "chief",
                                        "run_id",
                                        chief.runId(),
                                        "fence",
                                        chief.fence())))
                                .post("/v1/sessions")
                                .asString(),
                        SessionHeader.class)
                .header();
    }

    private static List<String> shown(String session) {
        List<String> names = new ArrayList<>();
        Json.read(
                        Fleet.as("agent:chief")
                                .get("/v1/agents/chief/tools?format=mcp&session=" + session)
                                .asString(),
                        JsonNode.class)
                .path("tools")
                .forEach(tool -> names.add(tool.path("name").asText()));
        return names;
    }

    private static String refusal(ToolResult result) {
        return Fleet.refusal(result);
    }

    /** Chief as its workspace says; the definition of explore asks for more than chief has, and for what nobody who was started has. */
    private static void curate(String... tools) {
        Fleet.as("agent:chief")
                .body(Json.write(Map.of(
                        "tools",
                        List.of(tools),
                        "workspace_version",
                        "1",
                        "subagents",
                        List.of(
                                Map.of(
                                        "name",
                                        "explore",
                                        "project",
                                        false,
                                        "tools",
                                        List.of("hq_search", "email_thread_read", "email_send", "agent_spawn")),
                                Map.of("name", "project-agent", "project", true, "tools", PROJECT_TOOLS)))))
                .post("/v1/agents/chief/curation")
                .then()
                .statusCode(200);
    }
}
