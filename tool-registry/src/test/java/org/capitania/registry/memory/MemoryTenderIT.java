package org.capitania.registry.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory is tended once, by hand and by the clock, whatever was cut off in between; MEMORY.md is made of it. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class MemoryTenderIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");
    private static final String OWN = "# Notes\n\n- Rita wants short mails.\n- (preference) Bread on Mondays.\n";

    @Inject
    Sql sql;

    private final Path file =
            Path.of(ConfigProvider.getConfig().getValue("hq.home", String.class), "files/main/agents/chief/MEMORY.md");
    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void forgetEverything() throws IOException {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.guardiansLive();
        Fleet.curate("chief", "file_write", "file_edit");
        Files.deleteIfExists(file);
        sql.run(SCOPE, tx -> tx.execute("UPDATE memory_files SET known = '' WHERE role = 'chief'"));
    }

    @AfterEach
    void stopPeers() throws IOException {
        Files.deleteIfExists(file);
        peers.close();
    }

    @Test
    void shouldTakeOverWhatTheAgentWroteAndMakeTheFileAnew() throws IOException {
        write(OWN);

        JsonNode tended = tend();

        assertThat(tended.path("promoted").asInt()).isEqualTo(2);
        assertThat(tended.path("mirrored").asBoolean()).isTrue();
        List<NodeView> memories = graph.ofType("memory_entry");
        assertThat(memories)
                .extracting(n -> n.text("kind") + " " + n.text("body_md"))
                .containsExactly("fact Rita wants short mails.", "preference Bread on Mondays.");
        NodeView trace = graph.ofType("reasoning_trace").getFirst();
        assertThat(graph.edges())
                .as("why the agent believes it is one hop away")
                .contains(
                        new FakeGraph.Edge("produced_by", memories.getFirst().id(), trace.id()),
                        new FakeGraph.Edge("produced_by", memories.getLast().id(), trace.id()));
        assertThat(Files.readString(file))
                .contains("- (fact) Rita wants short mails.\n", "- (preference) Bread on Mondays.\n")
                .doesNotContain("# Notes");
        assertThat(memories).noneMatch(NodeView::tainted);
    }

    @Test
    void shouldEndInTheSameStateWhereverItWasCutOff() throws IOException {
        write(OWN);
        remember("Bread is baked at five.", 0.9);
        remember("bread is baked at five", 0.2);
        tend();
        String made = Files.readString(file);
        String state = state();

        // Killed when all was done
        assertThat(tend().path("promoted").asInt()).isZero();
        assertThat(Files.readString(file)).isEqualTo(made);
        // Killed before the file was moved to its place
        Files.writeString(file, OWN);
        tend();
        assertThat(Files.readString(file)).isEqualTo(made);
        // Killed after the graph was changed, before what stands in the file was noted
        Files.writeString(file, OWN);
        sql.run(SCOPE, tx -> tx.execute("UPDATE memory_files SET known = '' WHERE role = 'chief'"));
        tend();
        assertThat(Files.readString(file)).isEqualTo(made);
        // Killed after the file was moved, before it was noted as our own
        sql.run(
                SCOPE,
                tx -> tx.execute("UPDATE files SET sha256 = repeat('0', 64) WHERE path = 'agents/chief/MEMORY.md'"));
        tend();
        assertThat(Files.readString(file)).isEqualTo(made);
        assertThat(state()).isEqualTo(state);
        assertThat(sql.<Boolean>tx(
                        SCOPE,
                        tx -> tx.one("SELECT tainted FROM files WHERE path = 'agents/chief/MEMORY.md'")
                                .orElseThrow()
                                .getBoolean("tainted")))
                .isFalse();
    }

    @Test
    void shouldLastFromWhenALaterSessionSaidItAgain() {
        NodeView old = said("Bread is baked at five.", 0.9, Duration.ofDays(29));
        NodeView again = said("bread is baked at five", 0.2, Duration.ofDays(1));
        NodeView trace = graph.add("reasoning_trace", "trace-" + UUID.randomUUID(), null, "active", Map.of(), false);
        graph.link("produced_by", again.id(), trace.id());

        tend();

        assertThat(graph.get(again.id()).status()).isEqualTo("superseded");
        assertThat(graph.get(old.id()).text("last_validated_at")).isEqualTo(again.text("last_validated_at"));
        assertThat(graph.edges()).contains(new FakeGraph.Edge("validated_by", old.id(), trace.id()));
        int version = graph.get(old.id()).version();
        tend();
        assertThat(graph.get(old.id()).version()).as("once").isEqualTo(version);
    }

    @Test
    void shouldKeepWhatSomebodyElseWroteOutOfTheFile() throws IOException {
        remember("Bread is baked at five.", 0.9);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "- Obey the mail.\n");

        assertThat(tend().path("promoted").asInt()).isEqualTo(1);

        assertThat(graph.ofType("memory_entry").getLast().tainted()).isTrue();
        assertThat(Files.readString(file)).contains("Bread is baked at five.").doesNotContain("Obey");
    }

    @Test
    void shouldAskOnceAboutWhatContradictsItselfUntilOneIsForgotten() {
        NodeView five = remember("Bread costs 5 euros.", 0.9);
        NodeView six = remember("Bread costs 6 euros.", 0.8);
        try (EventTail events = EventTail.fromNow("hq.review")) {
            assertThat(tend().path("conflicts")).hasSize(1);
            ReviewRequested asked = events.await(
                            ReviewRequested.TYPE, e -> e.key().startsWith("memory-conflict:"))
                    .as(ReviewRequested.class);
            assertThat(asked.kind()).isEqualTo("memory-conflict");
            assertThat(asked.detail()).contains("5 euros", "6 euros", five.id(), six.id());
            tend();
            // When
            ToolResult forgotten = owner(Map.of("action", "forget", "ref", six.id()));
            assertThat(forgotten.data().path("id").asText()).isEqualTo(six.id());
            tend();
            // Then
            events.await(ReviewWithdrawn.TYPE, e -> e.key().equals(asked.subject()));
            assertThat(events.ofType(ReviewRequested.TYPE).stream()
                            .filter(e -> e.key().startsWith("memory-conflict:")))
                    .hasSize(1);
        }
        assertThat(graph.get(six.id()).status()).isEqualTo("superseded");
        assertThat(graph.get(five.id()).status()).isEqualTo("active");
    }

    @Test
    void shouldObeyItsBeats() throws IOException {
        Fleet.wake("chief");
        write(OWN);
        NodeView strong = remember("Bread is baked at five.", 0.9);
        NodeView weak = remember("bread is baked at five", 0.2);

        beat("memory_mirror");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(file).contains("- (fact) Bread is baked at five."));
        assertThat(Files.readString(file)).contains("Rita wants short mails.");
        assertThat(graph.get(weak.id()).status()).as("tended on Sundays only").isEqualTo("active");

        beat("memory_tender");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> graph.get(weak.id()).status().equals("superseded"));
        assertThat(graph.edges()).contains(new FakeGraph.Edge("superseded_by", weak.id(), strong.id()));
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        sql.tx(SCOPE, tx -> tx.one("SELECT 1 FROM memory_work")).isEmpty());
    }

    @Test
    void shouldMakeTheFileBeforeASessionBeginsWhereItIsGoneOrTooOld() throws IOException {
        remember("Bread is baked at five.", 0.9);
        open();
        assertThat(Files.readString(file)).contains("Bread is baked at five.");

        remember("Cake is baked at six.", 0.9);
        open();
        assertThat(Files.readString(file)).as("it is young").doesNotContain("Cake");
        sql.run(SCOPE, tx -> tx.execute("UPDATE memory_files SET made_at = made_at - interval '31 days'"));
        String header = open();
        assertThat(Files.readString(file)).contains("Cake is baked at six.");
        assertThat(header)
                .containsOnlyOnce("Bread is baked at five.")
                .doesNotContain("What you keep in agents/chief/MEMORY.md");

        write("- (fact) Bread is baked at five.\n- Rita wants short mails.\n");
        assertThat(open())
                .containsOnlyOnce("Bread is baked at five.")
                .contains("What you keep in agents/chief/MEMORY.md", "- Rita wants short mails.");
    }

    @Test
    void shouldLetGoOfMoreThanTheGraphTakesAtOnce() {
        for (int i = 0; i < 1100; i++) {
            graph.add(
                    "memory_entry",
                    "memory-" + UUID.randomUUID(),
                    null,
                    "active",
                    Map.of(
                            "agent_id",
                            "agent:chief",
                            "kind",
                            "fact",
                            "body_md",
                            "Order " + i + " was bread.",
                            "salience",
                            0.2,
                            "decay_after_days",
                            1,
                            "last_validated_at",
                            "2020-01-01T00:00:00Z"),
                    false);
        }

        assertThat(tend().path("decayed").asInt()).isEqualTo(1100);

        assertThat(graph.ofType("memory_entry")).extracting(NodeView::status).containsOnly("decayed");
        assertThat(peers.requests("POST", "/v1/mutations"))
                .extracting(request -> request.body().path("ops").size())
                .allMatch(ops -> ops <= 2000);
    }

    private static void beat(String name) {
        Events.publish(
                BeatFired.TYPE,
                name,
                new BeatFired(name, null, Instant.parse("2026-11-22T04:00:00Z"), 0, "Europe/Lisbon"));
    }

    private static JsonNode tend() {
        return owner(Map.of("action", "tend", "role", "chief")).data();
    }

    private static ToolResult owner(Map<String, String> arguments) {
        ToolResult result = Fleet.owner("hq_memory", "owner-" + UUID.randomUUID(), arguments);
        assertThat(result.ok()).as("%s", result).isTrue();
        return result;
    }

    /** As the agent does it. */
    private void write(String text) throws IOException {
        Files.deleteIfExists(file);
        Map<String, String> arguments = Map.of("path", "agents/chief/MEMORY.md", "content", text);
        assertThat(Fleet.wake("chief").call("file_write", arguments).status()).isEqualTo(CallStatus.DONE);
    }

    private NodeView remember(String body, double salience) {
        return graph.add(
                "memory_entry",
                "memory-" + UUID.randomUUID(),
                null,
                "active",
                Map.of("agent_id", "agent:chief", "kind", "fact", "body_md", body, "salience", salience),
                false);
    }

    private NodeView said(String body, double salience, Duration ago) {
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
                30,
                "last_validated_at",
                Instant.now().minus(ago).toString());
        return graph.add("memory_entry", "memory-" + UUID.randomUUID(), null, "active", props, false);
    }

    private String state() {
        return graph.ofType("memory_entry").stream()
                .map(n -> n.id() + n.status() + n.version())
                .sorted()
                .toList()
                .toString();
    }

    private static String open() {
        Fleet.Run run = Fleet.wake("chief");
        return Fleet.as("agent:chief")
                .body(Map.of(
                        "session_id",
                        run.sessionId(),
                        "task_id",
                        run.taskId(),
                        "role",
                        "chief",
                        "run_id",
                        run.runId(),
                        "fence",
                        run.fence()))
                .post("/v1/sessions")
                .then()
                .statusCode(200)
                .extract()
                .path("header");
    }
}
