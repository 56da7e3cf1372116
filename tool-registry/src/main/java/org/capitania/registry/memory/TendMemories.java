package org.capitania.registry.memory;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.NodeView;
import org.capitania.embedding.Embedder;
import org.capitania.embedding.EmbeddingConfig;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.memory.TendingPlan.Likeness;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.capitania.registry.memory.TendingPlan.Pair;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Tends what an agent remembers, in one transaction of the graph: each memory it touches must be as it was read, and the same store is
 * tended once, however often it is asked or where it died.
 */
@ApplicationScoped
public class TendMemories {
    private static final int PAGE = 500;
    private static final int TEXTS = 64;

    private final Clock clock;
    private final Graph graph;
    private final Embedder embedder;
    private final EmbeddingConfig.Provider provider;

    TendMemories(Clock clock, Graph graph, Embedder embedder, EmbeddingConfig config) {
        this.clock = clock;
        this.graph = graph;
        this.embedder = embedder;
        this.provider = config.provider();
    }

    /**
     * What was done.
     *
     * @param active how many are left
     * @param conflicts pairs of ids that a person has to look at
     * @param byMeaning whether they were compared by vectors; else by their words alone
     * @param auditEventId of the write; absent where there was nothing to do
     */
    public record Tended(
            int active,
            int decayed,
            int merged,
            int dropped,
            List<List<String>> conflicts,
            boolean byMeaning,
            @Nullable String auditEventId) {}

    /** Tends them now. */
    public Tended tend(Scope scope, String role) {
        List<Memory> memories = active(scope, role);
        Likeness words = (a, b) -> plain(a.body()).equals(plain(b.body())) ? 1 : 0;
        @Nullable Likeness meaning = meaning(memories);
        TendingPlan plan = TendingPlan.of(memories, clock.instant(), meaning == null ? words : meaning);
        String written = plan.isEmpty()
                ? null
                : graph.change(scope, "memory-tend:" + role + ":" + digest(memories, plan), batch(plan))
                        .auditEventId();
        int gone = plan.decayed().size() + plan.merged().size() + plan.dropped().size();
        return new Tended(
                memories.size() - gone,
                plan.decayed().size(),
                plan.merged().size(),
                plan.dropped().size(),
                plan.conflicts().stream()
                        .map(pair -> List.of(pair.kept().id(), pair.other().id()))
                        .toList(),
                meaning != null,
                written);
    }

    private List<Memory> active(Scope scope, String role) {
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

    private static Memory memory(NodeView node) {
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

    /** By the vectors of their texts; null where none can be made. */
    private @Nullable Likeness meaning(List<Memory> memories) {
        if (provider == EmbeddingConfig.Provider.NONE || memories.size() < 2) {
            return null;
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
            return null;
        }
        return (a, b) -> cosine(vectors.getOrDefault(a.id(), List.of()), vectors.getOrDefault(b.id(), List.of()));
    }

    /** Of vectors of length 1. */
    private static double cosine(List<Float> a, List<Float> b) {
        double sum = 0;
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    private static Batch batch(TendingPlan plan) {
        Batch batch = new Batch();
        plan.decayed().forEach(memory -> retire(batch, memory, "decayed"));
        plan.dropped().forEach(memory -> retire(batch, memory, "decayed"));
        for (Pair pair : plan.merged()) {
            batch.link(pair.other().id(), "superseded_by", pair.kept().id());
            retire(batch, pair.other(), "superseded");
        }
        return batch;
    }

    /** It is kept, and told to nobody. */
    private static void retire(Batch batch, Memory memory, String status) {
        batch.patch(memory.id(), n -> n.version(memory.version()).status(status));
        batch.archive(memory.id());
    }

    private static String digest(List<Memory> memories, TendingPlan plan) {
        return Canonical.sha256(
                memories.stream().map(m -> m.id() + ":" + m.version()).sorted().reduce("", (a, b) -> a + "\n" + b),
                plan.toString());
    }
}
