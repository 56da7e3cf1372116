package org.capitania.bench;

import io.vertx.sqlclient.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.api.GraphSearch;
import org.capitania.graph.search.SearchStatement;
import org.capitania.graph.search.SearchStatement.VectorLeg;
import org.jspecify.annotations.Nullable;

/**
 * Search over embedded nodes in ten tenants by one client: the statement of the service on a store of its own, without HTTP and without
 * the process that makes a query's vector. Hybrid search and its legs are run in turns, in a random order. Beside the embedded nodes there
 * may be many more without a vector ({@code hq.bench.search.nodes} in all): then the figures may be twice as high.
 */
final class SearchBench {
    private static final int TENANTS = 10;
    private static final long SEED = 20261121;

    private final int nodes;
    /** Of a tenant, embedded or not. */
    private final int all;

    private final String name;
    private final double factor;
    /** As the service has it; a quick run has too few nodes for that to ask the index. */
    private final int exactUpTo;

    private final int searches;
    private final int recalls;
    private final SearchData data = new SearchData(SEED);
    /** Seeded: every run asks for the same, in the same order. */
    private final Random order = new Random(SEED);

    /** @param quick a tenth of the nodes and fewer searches */
    SearchBench(boolean quick) {
        nodes = quick ? 1000 : 10_000;
        all = Math.max(nodes, Integer.getInteger("hq.bench.search.nodes", 0) / TENANTS);
        name = all > nodes ? "search.filled" : "search";
        factor = all > nodes ? 2 : 1;
        exactUpTo = quick ? 300 : 3000;
        searches = quick ? 60 : 300;
        recalls = quick ? 15 : 50;
    }

    List<Figure> run() {
        try (SearchStore store = new SearchStore(data, TENANTS, nodes, all)) {
            List<Figure> figures = new ArrayList<>(speed(store));
            for (int share : SearchData.SHARES) {
                figures.add(Figure.atLeast(
                        name + ".recall_at_10.share_" + share / 10.0,
                        recall(store, share),
                        "",
                        "exact comparison",
                        0.95,
                        recalls));
            }
            return figures;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private enum Way {
        ALL,
        WORDS,
        MEANING
    }

    private List<Figure> speed(SearchStore store) {
        List<List<Double>> millis = new ArrayList<>();
        double[] cpu = new double[Way.values().length];
        for (Way way : Way.values()) {
            millis.add(new ArrayList<>());
        }
        int warmUp = searches / 5;
        for (int i = 0; i < warmUp + searches; i++) {
            String tenant = "t" + data.below(TENANTS);
            String words = data.query();
            VectorLeg leg = new VectorLeg(tenant, SearchStore.MODEL, data.vector(), exactUpTo, 0);
            List<Way> ways = new ArrayList<>(List.of(Way.values()));
            Collections.shuffle(ways, order);
            for (Way way : ways) {
                double cpuBefore = Cpu.millis(store.worker());
                long before = System.nanoTime();
                search(store, tenant, words, null, leg, way);
                if (i >= warmUp) {
                    millis.get(way.ordinal()).add((System.nanoTime() - before) / 1e6);
                    cpu[way.ordinal()] += Cpu.millis(store.worker()) - cpuBefore;
                }
            }
        }
        double words = at(millis.get(Way.WORDS.ordinal()), 0.5);
        double meaning = at(millis.get(Way.MEANING.ordinal()), 0.5);
        double both = at(millis.get(Way.ALL.ordinal()), 0.5);
        double cpuOfLegs = (cpu[Way.WORDS.ordinal()] + cpu[Way.MEANING.ordinal()]) / searches;
        return List.of(
                Figure.atMost(
                        name + ".hybrid.p95",
                        at(millis.get(Way.ALL.ordinal()), 0.95),
                        "ms",
                        "limit",
                        factor * 40,
                        searches),
                Figure.times(
                        name + ".hybrid.p50", both, "ms", "sum of its legs", words + meaning, factor * 1.5, searches),
                Figure.times(
                        name + ".hybrid.cpu",
                        cpu[Way.ALL.ordinal()] / searches,
                        "ms",
                        "sum of its legs",
                        cpuOfLegs,
                        factor * 1.5,
                        searches));
    }

    private double recall(SearchStore store, int share) {
        double found = 0;
        for (int i = 0; i < recalls; i++) {
            String tenant = "t" + data.below(TENANTS);
            VectorLeg leg = new VectorLeg(tenant, SearchStore.MODEL, data.vector(), exactUpTo, -1);
            VectorLeg exact = new VectorLeg(tenant, SearchStore.MODEL, leg.vector(), Integer.MAX_VALUE - 1, -1);
            Set<UUID> nearest = search(store, tenant, "x", "p" + share, exact, Way.MEANING);
            Set<UUID> hits = search(store, tenant, "x", "p" + share, leg, Way.MEANING);
            hits.retainAll(nearest);
            found += (double) hits.size() / nearest.size();
        }
        return found / recalls;
    }

    private static Set<UUID> search(
            SearchStore store, String tenant, String words, @Nullable String tag, VectorLeg leg, Way way) {
        GraphSearch ask =
                new GraphSearch(words, null, null, tag == null ? null : List.of(tag), null, null, null, null, null);
        SearchStatement statement = new SearchStatement(words, ask, 10, null, null);
        String text = switch (way) {
            case ALL -> statement.byAll(leg);
            case WORDS -> statement.byWords();
            case MEANING -> statement.byMeaning(leg);
        };
        Set<UUID> ids = new HashSet<>();
        for (Row row : store.search(tenant, text, statement.args())) {
            ids.add(row.getUUID("id"));
        }
        return ids;
    }

    private static double at(List<Double> values, double quantile) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(quantile * sorted.size())));
    }
}
