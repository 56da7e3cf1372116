package org.capitania.registry.memory;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.NodeView;
import org.capitania.embedding.Embedder;
import org.capitania.embedding.EmbeddingConfig;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.memory.TendingPlan.Likeness;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.capitania.servicekit.Scope;

/** What a role remembers now, and how alike any two of it are. */
@ApplicationScoped
class RoleMemories {
    /** Of what nobody has said how salient it is. */
    static final double SALIENCE = 0.5;

    private static final int PAGE = 500;
    private static final int TEXTS = 64;

    private final Graph graph;
    private final Embedder embedder;
    private final EmbeddingConfig.Provider provider;

    RoleMemories(Graph graph, Embedder embedder, EmbeddingConfig config) {
        this.graph = graph;
        this.embedder = embedder;
        this.provider = config.provider();
    }

    /** @param byMeaning by the vectors of their texts; else by their words alone */
    record Comparison(Likeness likeness, boolean byMeaning) {}

    List<Memory> active(Scope scope, String role) {
        NodeQuery query = NodeQuery.ofType("memory_entry")
                .prop("agent_id", "agent:" + role)
                .status("active")
                .limit(PAGE);
        List<Memory> all = new ArrayList<>();
        List<NodeView> page = graph.find(scope, query);
        while (!page.isEmpty()) {
            page.forEach(node -> all.add(memory(node)));
            page = page.size() < PAGE
                    ? List.of()
                    : graph.find(scope, query.after(page.getLast().id()));
        }
        return all;
    }

    Comparison compare(List<Memory> memories) {
        if (provider == EmbeddingConfig.Provider.NONE || memories.size() < 2) {
            return new Comparison(TendingPlan::byWords, false);
        }
        Map<String, List<Float>> vectors = new HashMap<>();
        try {
            for (int i = 0; i < memories.size(); i += TEXTS) {
                List<Memory> some = memories.subList(i, Math.min(i + TEXTS, memories.size()));
                List<List<Float>> made = embedder.texts(
                        provider.model(), some.stream().map(Memory::body).toList());
                for (int j = 0; j < some.size(); j++) {
                    vectors.put(some.get(j).id(), made.get(j));
                }
            }
        } catch (CapitaniaException e) {
            Log.infof("memories are compared by their words alone why=%s", e.detail());
            return new Comparison(TendingPlan::byWords, false);
        }
        return new Comparison(
                (a, b) -> cosine(vectors.getOrDefault(a.id(), List.of()), vectors.getOrDefault(b.id(), List.of())),
                true);
    }

    static Memory memory(NodeView node) {
        String validated = node.text("last_validated_at");
        return new Memory(
                node.id(),
                node.version(),
                String.valueOf(node.text("kind")),
                String.valueOf(node.text("body_md")),
                node.props().path("salience").asDouble(0),
                validated == null
                        ? node.createdAt()
                        : OffsetDateTime.parse(validated).toInstant(),
                node.props().hasNonNull("decay_after_days")
                        ? Integer.valueOf(node.props().path("decay_after_days").asInt())
                        : null,
                node.props().path("owner_pinned").asBoolean(false),
                node.tainted());
    }

    /** Of vectors of length 1. */
    private static double cosine(List<Float> a, List<Float> b) {
        double sum = 0;
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }
}
