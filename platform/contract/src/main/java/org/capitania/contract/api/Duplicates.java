package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes of one type that may be one and the same, the surest first ({@code POST /v1/reconciliation/duplicates}). */
public record Duplicates(List<Pair> items) {

    /**
     * What is looked for.
     *
     * @param type {@code entity} or {@code contact}
     * @param since only pairs of which one has changed since
     * @param limit at most so many; 50 unless given
     * @param without pairs that are left out, so that they take no room: the ids of both in their order, with a colon between
     */
    public record Query(String type, @Nullable Instant since, int limit, List<String> without) {
        public Query {
            limit = limit == 0 ? 50 : limit;
            without = without == null ? List.of() : List.copyOf(without);
        }
    }

    /**
     * Two that may be one.
     *
     * @param goes the one with fewer connections, the younger where both have as many
     * @param score 0 to 1: 1 less the product of what each reason leaves open, half of it where something contradicts
     * @param contradicts the props in which the two cannot be one
     */
    public record Pair(
            NodeView.Brief goes, NodeView.Brief stays, double score, List<Reason> reasons, List<String> contradicts) {}

    /**
     * What speaks for it.
     *
     * @param kind {@code name}, {@code similar_name}, {@code domain}, {@code email}, {@code phone}, {@code tax_id} or {@code company}
     * @param shared what both have; absent where they only resemble each other
     * @param weight how sure it makes alone, 0 to 1
     */
    public record Reason(String kind, @Nullable String shared, double weight) {}
}
