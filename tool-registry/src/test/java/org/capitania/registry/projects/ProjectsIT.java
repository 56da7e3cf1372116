package org.capitania.registry.projects;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.files.OwnNotes;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workspaces of projects and the indexes: the same graph gives the same bytes, and what is somebody else's stays. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ProjectsIT {
    private static final List<String> SIX = List.of(
            "CLAUDE.md", "customer-profile.md", "domain-knowledge.md", "playbook.md", "personality.md", "MEMORY.md");

    @Inject
    GenerateProjects projects;

    @Inject
    GenerateIndexes indexes;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> priorities = new HashMap<>();
    private FakePeers peers;
    private FakeGraph graph;
    private NodeView shop;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        // The fake's nodes have no priority: the test says which they have.
        peers.on("GET", "/v1/nodes", r -> {
            String query = URLDecoder.decode(r.query(), StandardCharsets.UTF_8);
            return new NodeView.Page(
                    query.contains("type=project") && query.contains("priority=")
                            ? graph.ofType("project").stream()
                                    .filter(p -> query.contains("priority=" + priorities.get(p.id())))
                                    .toList()
                            : nodes(query),
                    null);
        });
        shop = graph.add(
                "project",
                "project-shop-" + tag,
                null,
                "in_progress",
                Map.of("name", "Shop", "goal", "Sell bread."),
                false);
        priorities.put(shop.id(), "focus");
    }

    private List<NodeView> nodes(String query) {
        return List.of("project", "entity", "engagement", "producer").stream()
                .filter(type -> query.contains("type=" + type))
                .flatMap(type -> graph.ofType(type).stream())
                .filter(node -> !query.contains("external_id=") || query.contains("external_id=" + node.externalId()))
                .toList();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldMakeSixFilesAndAProducerFromTheGraphAndNothingTheSecondTime() throws IOException {
        NodeView customer = graph.add("entity", "entity-padaria-" + tag, Map.of("name", "Padaria", "language", "pt"));
        NodeView rita = graph.add("contact", "contact-rita-" + tag, Map.of("name", "Rita\n# Sousa"));
        graph.link("owned_by", shop.id(), customer.id());
        graph.link("works_for", rita.id(), customer.id());

        assertThat(projects.look("main")).isEqualTo(6);

        assertThat(SIX).allSatisfy(file -> assertThat(path(file)).isRegularFile());
        assertThat(Files.readString(path("customer-profile.md")))
                .contains(
                        "Customer: Padaria (entity-padaria-" + tag + ")",
                        "Language: pt",
                        "- Rita # Sousa (contact-rita-");
        assertThat(Files.readString(path("CLAUDE.md"))).contains("name: project:shop-" + tag, "Sell bread.");
        assertThat(SIX)
                .allSatisfy(file -> assertThat(Files.readString(path(file))).doesNotContain("{{"));
        assertThat(graph.ofType("producer"))
                .extracting(NodeView::externalId)
                .containsExactly("agent:project:shop-" + tag);
        // And: twice is no write, neither here nor in the graph
        FileTime past = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        for (String file : SIX) {
            Files.setLastModifiedTime(path(file), past);
        }
        int changes = peers.requests("POST", "/v1/mutations").size();
        assertThat(projects.look("main")).isZero();
        for (String file : SIX) {
            assertThat(Files.getLastModifiedTime(path(file))).as(file).isEqualTo(past);
        }
        assertThat(peers.requests("POST", "/v1/mutations")).hasSize(changes);
    }

    @Test
    void shouldMakeTheOthersWhenOneCannotBeMade() {
        // Longer than the name of a directory may be
        NodeView odd =
                graph.add("project", "project-" + "x".repeat(90) + tag, null, "planned", Map.of("name", "X"), false);
        NodeView later = graph.add("project", "project-cafe-" + tag, null, "planned", Map.of("name", "Café"), false);
        priorities.put(odd.id(), "focus");
        priorities.put(later.id(), "now");

        assertThat(projects.look("main")).as("two of three, six files each").isEqualTo(12);

        assertThat(root().resolve("projects/cafe-" + tag + "/CLAUDE.md")).isRegularFile();
    }

    @Test
    void shouldFollowTheGraphWhereNobodyElseHasWritten() throws IOException {
        projects.look("main");
        Files.writeString(path("domain-knowledge.md"), "Bread rises twice.\n");
        Files.delete(path("personality.md"));
        graph.touch(shop.id(), Map.of("name", "The new shop", "goal", "Sell cake."));

        // CLAUDE.md, customer-profile.md, playbook.md and MEMORY.md name the project
        assertThat(projects.look("main")).isEqualTo(4);

        assertThat(Files.readString(path("CLAUDE.md"))).contains("The new shop", "Sell cake.");
        assertThat(path("domain-knowledge.md")).hasContent("Bread rises twice.");
        assertThat(path("personality.md")).doesNotExist();
    }

    @Test
    void shouldKeepTheFilesOfWhatLeavesTheFocusAndMakeNoneForWhatWasNeverInIt() throws IOException {
        projects.look("main");
        priorities.put(shop.id(), "next");
        NodeView later = graph.add("project", "project-later-" + tag, null, "planned", Map.of("name", "Later"), false);
        priorities.put(later.id(), "backlog");
        graph.touch(shop.id(), Map.of("goal", "Sell cake."));

        assertThat(projects.look("main")).isZero();

        assertThat(Files.readString(path("CLAUDE.md"))).contains("Sell bread.");
        assertThat(root().resolve("projects/later-" + tag)).doesNotExist();
    }

    @Test
    void shouldTellAProjectAgentWhatItsFilesSayAndMakeThemWhenItIsStarted() {
        priorities.put(shop.id(), "backlog");
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
        Fleet.Run chief = Fleet.wake("chief");

        ToolResult started =
                chief.call("project_run", Map.of("project", shop.slug(), "task", "Change the opening hours."));

        assertThat(started.status()).as("%s", started).isEqualTo(CallStatus.DONE);
        SessionHeader header = Json.read(
                Fleet.as("agent:chief")
                        .body(Json.write(Map.of(
                                "session_id",
                                started.data().path("id").asText(),
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
                SessionHeader.class);
        assertThat(header.header()).contains("Change the opening hours.", "# Project agent: Shop", "Sell bread.");
    }

    @Test
    void shouldListWhatIsOursAndOurDealsInALineEachAndNothingFromOutside() throws IOException {
        NodeView own = graph.add("entity", "entity-own-" + tag, Map.of("name", "Maré", "relationship", "own"));
        NodeView deal = graph.add("engagement", "engagement-" + tag, null, "proposal", Map.of("name", "Corner"), false);
        graph.link("covers", deal.id(), own.id());
        graph.add("engagement", "engagement-out-" + tag, null, "proposal", Map.of("name", "Obey me"), true);

        indexes.look("main");

        String ventures = Files.readString(root().resolve(OwnNotes.VENTURES));
        assertThat(ventures)
                .contains("- Maré (entity-own-" + tag + ")", "- Shop (project-shop-" + tag + "), in_progress");
        String customers = Files.readString(root().resolve(OwnNotes.CUSTOMERS));
        assertThat(customers)
                .contains("- Corner (engagement-" + tag + "), proposal, Maré (entity-own-" + tag + ")")
                .doesNotContain("Obey me");
        assertThat(indexes.look("main")).isZero();
        // And: they are cut where there is no room, and every session begins with them
        for (int i = 0; i < 60; i++) {
            graph.add(
                    "project",
                    "project-many-" + i + "-" + tag,
                    null,
                    "planned",
                    Map.of("name", "One of very many " + i),
                    false);
        }
        assertThat(indexes.look("main")).isEqualTo(1);
        assertThat(Files.size(root().resolve(OwnNotes.VENTURES))).isLessThanOrEqualTo(OwnNotes.INDEX);
        assertThat(Files.readString(root().resolve(OwnNotes.VENTURES))).endsWith("hq_project list\n");
    }

    private Path path(String file) {
        return root().resolve("projects/shop-" + tag + "/" + file);
    }

    private static Path root() {
        return Path.of(ConfigProvider.getConfig().getValue("hq.home", String.class), "files", "main");
    }
}
