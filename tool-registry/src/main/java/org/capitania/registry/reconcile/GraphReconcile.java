package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.capitania.contract.Json;
import org.capitania.contract.api.FiguresView.WriteConflict;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/**
 * Proposes to merge what is surely there twice, gives whoever calls it the pairs to compare that no rule settles, mends edges, asks a person
 * about the rest, and names records that two tasks changed. It merges nothing itself.
 */
@ApplicationScoped
class GraphReconcile implements ToolHandler {
    private static final Set<String> NEWS = Set.of("proposed", "judge");
    private static final Duration NIGHT = Duration.ofHours(24);
    /** Lines of a kind that the caller is told, beside what is news: what stands for weeks is not paid for each night. */
    private static final int TOLD = 40;

    private final Clock clock;
    private final ReconcilePairs pairs;
    private final ReconcileEdges edges;
    private final WriteConflicts conflicts;

    GraphReconcile(Clock clock, ReconcilePairs pairs, ReconcileEdges edges, WriteConflicts conflicts) {
        this.clock = clock;
        this.pairs = pairs;
        this.edges = edges;
        this.conflicts = conflicts;
    }

    @Override
    public String tool() {
        return "graph_reconcile";
    }

    @Override
    public Result call(Call call) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        Set<String> outside = new LinkedHashSet<>();
        ArrayNode duplicates = data.putArray("duplicates");
        ArrayNode wrong = data.putArray("edges");
        ArrayNode written = data.putArray("write_conflicts");
        if (call.arguments().has("verdicts")) {
            pairs.judged(call, duplicates, outside);
            return Result.of(data).taintedBy(List.copyOf(outside));
        }
        pairs.find(call, duplicates, outside);
        edges.find(call, wrong, outside);
        int leftOut = cut(duplicates, line -> NEWS.contains(line.path("state").asText()))
                + cut(wrong, line -> line.path("mended").asBoolean());
        List<WriteConflict> crossed = call.texts("refs").isEmpty()
                ? conflicts.since(call.scope(), clock.instant().minus(NIGHT))
                : List.of();
        crossed.stream().limit(TOLD).forEach(conflict -> {
            written.add(Json.tree(conflict));
            // A title may be anybody's words, and the ledger does not say whose.
            outside.add("node:" + conflict.target());
        });
        data.put("left_out", leftOut + crossed.size() - written.size());
        return Result.of(data).taintedBy(List.copyOf(outside));
    }

    /** Keeps what is news, and of the rest so many; answers how many went. */
    private static int cut(ArrayNode lines, Predicate<JsonNode> news) {
        List<JsonNode> told = new ArrayList<>();
        lines.forEach(line -> {
            if (news.test(line) || told.size() < TOLD) {
                told.add(line);
            }
        });
        int cut = lines.size() - told.size();
        lines.removeAll().addAll(told);
        return cut;
    }
}
