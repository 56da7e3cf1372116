package org.capitania.contract.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView.Direction;
import org.capitania.contract.api.MutationBatch.SemanticEvent;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.api.NodeView.Brief;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire form of graph-service's API is pinned by a golden file each. */
class GraphGoldenTest {
    private static final Instant AT = Instant.parse("2026-11-21T08:30:00Z");
    private static final ObjectNode PROPS =
            JsonNodeFactory.instance.objectNode().put("name", "Ana São João");
    private static final Brief ANA = new Brief("n-1", "contact-ana-sao-joao", "contact", "Ana São João");

    static Stream<Arguments> messages() {
        NodeView node = new NodeView(
                "n-1",
                "contact",
                "contact-ana-sao-joao",
                "Ana São João",
                "active",
                null,
                AT,
                null,
                PROPS,
                List.of("vip"),
                "p-1",
                "n-9",
                "email",
                "ana@aurora.example",
                AT,
                null,
                2,
                true,
                0.5,
                AT,
                AT,
                AT);
        EdgeView edge = new EdgeView(
                "e-1",
                "works_for",
                Direction.OUT,
                new Brief("n-2", "entity-aurora", "entity", "Aurora"),
                PROPS,
                AT,
                AT,
                1,
                false);
        return Stream.of(
                Arguments.of("mutation_batch", batch()),
                Arguments.of(
                        "mutation_result",
                        new MutationResult(
                                List.of(
                                        new OpResult("create", "c", "n-1", "contact-ana-sao-joao", 1, true, true),
                                        new OpResult("link", null, "e-1", null, 1, false, false)),
                                "m-1")),
                Arguments.of(
                        "node_detail",
                        new NodeView.Detail(
                                node,
                                new Brief("p-1", "hq:user:owner", "producer", "user:owner"),
                                List.of(edge),
                                false)),
                Arguments.of("node_page", new NodeView.Page(List.of(node), "n-1")),
                Arguments.of("edge_page", new EdgeView.Page(List.of(edge), "e-1")),
                Arguments.of(
                        "history_page",
                        new HistoryEntry.Page(
                                ANA,
                                List.of(new HistoryEntry(
                                        2,
                                        "update",
                                        "user:owner",
                                        "she moved",
                                        "p-1",
                                        "m-1",
                                        AT,
                                        List.of(new HistoryEntry.Change("props.name", null, PROPS.get("name"))))),
                                2,
                                AT)),
                Arguments.of("retention", new Retention(400, AT, "user:owner", AT, "the law says so")),
                Arguments.of("retention_removal", new Retention.Removal(3, 2, AT)),
                Arguments.of(
                        "search",
                        new GraphSearch(
                                "ana aurora",
                                List.of("contact"),
                                List.of("active"),
                                List.of("vip"),
                                "hq:root",
                                "entity-aurora",
                                AT,
                                AT,
                                5)),
                Arguments.of(
                        "embeddings", new Embeddings(List.of(new Embeddings.Model("m", 384, "current", 7, 2, 1, AT)))),
                Arguments.of("embeddings_ask", new Embeddings.Ask("m", 384, true, 32)),
                Arguments.of(
                        "embeddings_work",
                        new Embeddings.Work(
                                "m", "filling", "old", true, List.of(new Embeddings.Text("n-1", "ab", "Ana")))),
                Arguments.of(
                        "embeddings_vectors",
                        new Embeddings.Vectors(
                                "m",
                                List.of(new Embeddings.Vector("n-1", "ab", List.of(0.5f, -0.5f))),
                                List.of(new Embeddings.Failure("n-2", "why")))),
                Arguments.of("embed_texts", new EmbedTexts("m", true, List.of("Ana"))),
                Arguments.of("embed_vectors", new EmbedTexts.Vectors("m", 2, List.of(List.of(0.5f, -0.5f)))),
                Arguments.of(
                        "search_results",
                        new GraphSearch.Results(
                                "ana aurora",
                                List.of("text", "trigram"),
                                "why",
                                List.of(new GraphSearch.Hit(
                                        "n-1",
                                        "contact-ana-sao-joao",
                                        "contact",
                                        "Ana São João",
                                        "active",
                                        "**Ana** of **Aurora**",
                                        0.03125,
                                        true,
                                        AT,
                                        2)))),
                Arguments.of(
                        "timeline",
                        new Timeline(
                                ANA,
                                List.of(new Timeline.Entry(
                                        AT, "i-1", "interaction-hours", "interaction", "Hours", "new", "from", true)),
                                AT)),
                Arguments.of(
                        "types",
                        new GraphTypes(
                                List.of(new GraphTypes.Type("contact", "Contact", "One person", PROPS)), List.of())),
                Arguments.of("stats", new GraphStats(10, 20, 0)),
                Arguments.of("projection", new Projection("entity_score", AT, List.of(PROPS), "100")),
                Arguments.of(
                        "projections", new Projection.All(List.of(new Projection.Refreshed("pipeline", null, 2, 1)))),
                Arguments.of(
                        "gap_page",
                        new Gap.Page(
                                "gap_overdue_replies",
                                "It is our turn.",
                                "chief",
                                List.of(new Gap(
                                        "blocker",
                                        AT,
                                        90,
                                        List.of("n-1", "n-2"),
                                        "conversation",
                                        "conversation-hours",
                                        "Ana has waited 3 days.",
                                        true)),
                                "3~x~n-1")),
                Arguments.of(
                        "gaps",
                        new Gap.Summaries(
                                List.of(
                                        new Gap.Summary(
                                                "gap_billing",
                                                "Nothing was invoiced.",
                                                "operator",
                                                2,
                                                "impactful",
                                                AT,
                                                90L),
                                        new Gap.Summary(
                                                "gap_stale_proposals",
                                                "Nothing has happened.",
                                                "chief",
                                                0,
                                                null,
                                                null,
                                                null)),
                                AT)));
    }

    private static MutationBatch batch() {
        return new MutationBatch(
                List.of(
                        new MutationOp.Create(
                                "c",
                                "contact",
                                "contact-ana",
                                "active",
                                "now",
                                PROPS,
                                List.of("vip"),
                                "@p",
                                "entity-aurora",
                                "email",
                                "ana@aurora.example",
                                true,
                                AT,
                                AT,
                                AT,
                                0.5,
                                true),
                        new MutationOp.Patch(
                                "@c",
                                1,
                                PROPS.deepCopy().putNull("phone"),
                                "left",
                                "next",
                                List.of(),
                                "n-9",
                                AT,
                                AT,
                                AT,
                                0.25,
                                false),
                        new MutationOp.Archive("n-2", 3),
                        new MutationOp.Link("works_for", "@c", "entity-aurora", PROPS, "@p", AT, AT, 0.5, true),
                        new MutationOp.Unlink(null, "works_for", "@c", "n-3", 2, AT),
                        new MutationOp.Supersede("n-4", "n-5", 2),
                        new MutationOp.Merge("n-6", "n-7"),
                        new MutationOp.Retain("n-8", true)),
                List.of(new SemanticEvent("email.received", "@c", "person", PROPS, "@c", "@d")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldKeepItsWireFormWhenWrittenAndRead(String name, Object value) throws IOException {
        // When
        String written = Json.write(value);
        // Then
        assertThat(Json.MAPPER.readTree(written))
                .as("wire form of %s: %s", name, written)
                .isEqualTo(golden(name));
        assertThat((Object) Json.read(written, value.getClass())).isEqualTo(value);
    }

    @Test
    void shouldBeEmptyWhenABatchLeavesItsListsOut() {
        assertThat(Json.read("{}", MutationBatch.class)).isEqualTo(new MutationBatch(List.of(), List.of()));
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream file = GraphGoldenTest.class.getResourceAsStream("/golden/api/graph_" + name + ".json")) {
            return file == null ? JsonNodeFactory.instance.missingNode() : Json.MAPPER.readTree(file);
        }
    }
}
