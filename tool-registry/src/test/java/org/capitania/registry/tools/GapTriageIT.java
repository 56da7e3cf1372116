package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.WorkerView;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is missing becomes work: gaps on the list of tasks, and sources that nobody has described. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class GapTriageIT {
    private static final Instant AT = Instant.parse("2026-11-20T09:00:00Z");

    private final Map<String, List<Gap>> gaps = new java.util.TreeMap<>(
            Map.of("gap_unresolved_intents", new ArrayList<>(), "gap_billing", new ArrayList<>()));
    private FakePeers peers;
    private FakeGraph graph;
    private NodeView driver;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        driver = graph.add("producer", "hq:agent:operator", Map.of("name", "operator", "kind", "agent_session"));
        peers.on(
                "GET",
                "/v1/gaps",
                r -> new Gap.Summaries(
                        gaps.entrySet().stream()
                                .map(gap -> new Gap.Summary(
                                        gap.getKey(),
                                        "Something.",
                                        "operator",
                                        gap.getValue().size(),
                                        null,
                                        null,
                                        null))
                                .toList(),
                        AT));
        peers.on(
                "GET",
                "/v1/gaps/([^/]+)",
                r -> new Gap.Page(
                        r.groups().getFirst(),
                        "Something.",
                        "operator",
                        gaps.get(r.groups().getFirst()),
                        null));
        Fleet.curate("operator", "hq_gap", "hq_producer");
        Fleet.curate("chief", "hq_gap");
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldMakeOneTaskAGapWhileOneIsOpenTheWorstFirst() {
        // Given
        NodeView deal = amiss("gap_billing", "engagement", "impactful", 0);
        NodeView old = amiss("gap_unresolved_intents", "intent", "blocker", 60);
        NodeView older = amiss("gap_unresolved_intents", "intent", "blocker", 30);
        // When
        JsonNode first = triage(Map.of("limit", 2));
        // Then
        assertThat(first.path("items"))
                .extracting(item -> item.path("title").asText())
                .containsExactly("Amiss: " + older.id(), "Amiss: " + old.id());
        assertThat(first.path("left").asInt()).isOne();
        assertThat(graph.ofType("task")).hasSize(2).allSatisfy(task -> {
            assertThat(task.text("urgency")).isEqualTo("blocker");
            assertThat(task.tags()).singleElement().asString().startsWith("gap:gap_unresolved_intents:");
            assertThat(graph.edges()).contains(new FakeGraph.Edge("driven_by", task.id(), driver.id()));
        });
        // When
        JsonNode second = triage(Map.of());
        JsonNode third = triage(Map.of());
        // Then
        assertThat(second.path("made").asInt()).isOne();
        assertThat(third.path("made").asInt()).isZero();
        assertThat(third.path("open").asInt()).isEqualTo(3);
        NodeView task = task("gap:gap_billing:" + deal.id());
        assertThat(graph.edges()).contains(new FakeGraph.Edge("about", task.id(), deal.id()));
    }

    @Test
    void shouldCloseTheTaskWhenTheGapIsGoneAndMakeAnotherWhenItIsBack() {
        // Given
        NodeView deal = amiss("gap_billing", "engagement", "nice", 0);
        List<Gap> rows = List.copyOf(gaps.get("gap_billing"));
        triage(Map.of());
        NodeView task = task("gap:gap_billing:" + deal.id());
        // When
        gaps.get("gap_billing").clear();
        JsonNode healed = triage(Map.of("name", "gap_billing"));
        // Then
        assertThat(healed.path("closed").asInt()).isOne();
        assertThat(graph.get(task.id()).status()).isEqualTo("done");
        assertThat(graph.get(task.id()).text("done_at")).isNotBlank();
        // When
        gaps.get("gap_billing").addAll(rows);
        triage(Map.of());
        // Then
        assertThat(graph.ofType("task")).extracting(NodeView::status).containsExactlyInAnyOrder("done", "open");
    }

    @Test
    void shouldMakeNoTaskAboutATaskOfItsOwn() {
        amiss("gap_billing", "engagement", "nice", 0);
        triage(Map.of());
        NodeView task = graph.ofType("task").getFirst();
        gaps.get("gap_unresolved_intents").add(row(task, "blocker", 0));
        assertThat(triage(Map.of()).path("made").asInt()).isZero();
        assertThat(Fleet.refusal(Fleet.wake("chief").call("hq_gap", Map.of("action", "triage"))))
                .isEqualTo("not_granted");
    }

    @Test
    void shouldMapASourceOnceTheOwnerAgrees() {
        NodeView shop = graph.add(
                "producer",
                "shop-" + UUID.randomUUID(),
                null,
                "unmapped",
                Map.of("name", "Shop", "kind", "external_system", "mapped", false),
                false);
        Map<String, Object> map = Map.of(
                "action", "map", "ref", shop.id(), "trust", "external", "description", "The orders of the shop.");
        ToolResult asked = Fleet.wake("operator").call("hq_producer", map);
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.PROPOSED);
        assertThat(graph.get(shop.id()).status()).isEqualTo("unmapped");
        ToolResult said = Fleet.owner("hq_producer", "owner-" + UUID.randomUUID(), map);
        assertThat(said.status()).as("%s", said).isEqualTo(CallStatus.DONE);
        assertThat(graph.get(shop.id()).status()).isEqualTo("active");
        assertThat(graph.get(shop.id()).props().path("mapped").asBoolean()).isTrue();
        assertThat(graph.get(shop.id()).text("trust")).isEqualTo("external");
    }

    @Test
    void shouldSayWhatOfASourceFailedAlsoWhereItIsNoMail() {
        // Given: an agent whose call failed, a worker that is stuck, and a mailbox that cannot be read
        NodeView mailbox =
                graph.add("producer", "mail-" + UUID.randomUUID(), Map.of("name", "Mail", "system", "email"));
        NodeView worker = graph.add("producer", "hq:worker:embed_worker", Map.of("name", "embed_worker"));
        Fleet.curate("operator", "hq_describe");
        String nobody = "nothing-" + UUID.randomUUID();
        assertThat(Fleet.refusal(Fleet.wake("operator").call("hq_describe", Map.of("ref", nobody))))
                .isEqualTo("not_found");
        peers.on("GET", "/v1/stats/producers", r -> new GraphStats.Throughputs(List.of()));
        peers.on("GET", "/v1/emails", r -> new EmailView.Page(List.of()));
        peers.on(
                "GET",
                "/v1/workers",
                r -> new WorkerView.Page(List.of(
                        worker("mail_imap", "the mailbox refuses the password"),
                        worker("mail_inbox", null),
                        worker("embed_worker", "no model"))));
        // Then
        assertThat(health(mailbox).path("last_error").asText()).isEqualTo("the mailbox refuses the password");
        assertThat(health(worker).path("last_error").asText()).isEqualTo("no model");
        assertThat(health(driver).path("errors_week").asInt()).isPositive();
        assertThat(health(driver).has("last_error")).isFalse();
    }

    private static WorkerView worker(String name, String error) {
        return new WorkerView(name, "running", "", AT, error, 0);
    }

    private static JsonNode health(NodeView source) {
        ToolResult result = Fleet.owner(
                "hq_producer", "owner-" + UUID.randomUUID(), Map.of("action", "health", "ref", source.slug()));
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data().at("/items/0");
    }

    private NodeView amiss(String gap, String type, String severity, int minutes) {
        NodeView node = graph.add(type, type + "-" + UUID.randomUUID(), Map.of("summary", "x"));
        gaps.get(gap).add(row(node, severity, minutes));
        return node;
    }

    private static Gap row(NodeView node, String severity, int minutes) {
        return new Gap(
                severity,
                AT.plusSeconds(60L * minutes),
                0,
                List.of(node.id()),
                node.type(),
                node.slug(),
                "Amiss: " + node.id(),
                false);
    }

    private JsonNode triage(Map<String, Object> more) {
        Map<String, Object> arguments = new java.util.HashMap<>(more);
        arguments.put("action", "triage");
        ToolResult result = Fleet.wake("operator").call("hq_gap", arguments);
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }

    private NodeView task(String tag) {
        return graph.ofType("task").stream()
                .filter(task -> task.tags().contains(tag))
                .findFirst()
                .orElseThrow();
    }
}
