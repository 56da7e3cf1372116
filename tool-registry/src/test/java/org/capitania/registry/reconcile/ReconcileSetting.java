package org.capitania.registry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.Duplicates.Reason;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.AnsweredReview;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.Fleet;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A company with two records that are one, and operator, who reconciles it. */
abstract class ReconcileSetting {
    final String tag = UUID.randomUUID().toString().substring(0, 8);

    FakePeers peers;
    FakeGraph graph;
    FakeApprovals approvals;
    NodeView goes;
    NodeView stays;
    List<Pair> pairs;
    List<Fault> faults = List.of();

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        peers.on(
                "POST",
                "/v1/reconciliation/duplicates",
                r -> new Duplicates(found(Json.convert(r.body(), Duplicates.Query.class))));
        peers.on("GET", "/v1/reconciliation/edges", r -> new EdgeFaults(faults));
        Fleet.curate("operator", "graph_reconcile", "hq_entity");
        Fleet.guardiansLive();
        goes = graph.add("entity", "entity-frama-lda-" + tag, Map.of("name", "Frama, Lda", "city", "Porto"));
        stays = graph.add("entity", "entity-frama-" + tag, Map.of("name", "Frama"));
        pairs = List.of(pair(goes, stays, 0.88));
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    private List<Pair> found(Duplicates.Query asked) {
        return pairs.stream()
                .filter(pair -> asked.type().equals("entity"))
                .filter(pair -> asked.without().stream()
                        .noneMatch(ids -> ReconcilePairs.subject(pair).equals("duplicate:" + ids)))
                .toList();
    }

    static Pair pair(NodeView goes, NodeView stays, double score, String... contradicts) {
        return new Pair(
                brief(goes),
                brief(stays),
                score,
                List.of(new Reason("domain", "frama.com", 0.6), new Reason("name", "frama", 0.7)),
                List.of(contradicts));
    }

    static Brief brief(NodeView node) {
        return new Brief(node.id(), node.slug(), node.type(), node.title(), node.tainted());
    }

    static Fault fault(String kind, NodeView from, NodeView to, String gone, NodeView instead) {
        return new Fault(
                kind,
                UUID.randomUUID().toString(),
                "works_for",
                brief(from),
                brief(to),
                gone,
                instead == null ? null : brief(instead),
                Json.MAPPER.createObjectNode(),
                "It is not right.");
    }

    /** How it stands with the pairs that are named. */
    static List<String> states() {
        return states(reconcile(Map.of()));
    }

    /** How it stands with a pair after a model's word on it. */
    static List<String> judge(Pair pair, String verdict, double confidence) {
        return states(reconcile(Map.of(
                "verdicts",
                List.of(Map.of(
                        "ref",
                        pair.goes().slug(),
                        "into",
                        pair.stays().slug(),
                        "verdict",
                        verdict,
                        "confidence",
                        confidence,
                        "why",
                        "They have one address.")))));
    }

    static List<String> states(JsonNode found) {
        return StreamSupport.stream(found.path("duplicates").spliterator(), false)
                .map(item -> item.path("state").asText())
                .toList();
    }

    static JsonNode edges() {
        return reconcile(Map.of()).path("edges");
    }

    static JsonNode reconcile(Map<String, Object> arguments) {
        return done(Fleet.wake("operator").call("graph_reconcile", arguments));
    }

    static JsonNode done(ToolResult result) {
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }

    static FrozenCall frozen(String proposal) {
        return Json.read(
                Fleet.as("user:owner").get("/v1/frozen-calls/{id}", proposal).asString(), FrozenCall.class);
    }

    static ReviewRequested asked(EventTail events, NodeView about) {
        return asked(events, about.id());
    }

    static ReviewRequested asked(EventTail events, String about) {
        return events.await(ReviewRequested.TYPE, e -> e.key().contains(about)).as(ReviewRequested.class);
    }

    void answer(ReviewRequested asked, String choice) {
        new AnsweredReview(asked, "resolved", choice, "user:owner").tell(peers);
    }
}
