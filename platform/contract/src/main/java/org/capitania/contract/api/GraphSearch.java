package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search ({@code POST /v1/search}). What is absent does not narrow it.
 *
 * @param query words as people type them; quotes, {@code or} and {@code -word} are understood
 * @param types only nodes of one of these types; traces, runs and sessions of agents are found only when they are named here
 * @param statuses only nodes in one of these statuses
 * @param tags only nodes that carry all of these
 * @param producer only what came from this producer, by id or slug
 * @param entity only what belongs to this entity or another node, by id or slug: linked to it, or to its people and projects
 * @param since only what happened, or else was made, at that time or later
 * @param until only what happened, or else was made, before
 * @param limit 10 by default, at most 50
 */
public record GraphSearch(
        String query,
        @Nullable List<String> types,
        @Nullable List<String> statuses,
        @Nullable List<String> tags,
        @Nullable String producer,
        @Nullable String entity,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Integer limit) {

    /** A search that only types narrow. */
    public GraphSearch(String query, @Nullable List<String> types, @Nullable Integer limit) {
        this(query, types, null, null, null, null, null, null, limit);
    }

    /**
     * What was found, best first.
     *
     * @param legs how it was searched: {@code text} and {@code trigram}, and {@code vector} where it could be
     * @param note why a leg is missing
     */
    public record Results(
            String query, List<String> legs, @Nullable String note, List<Hit> items) {

        /** Nothing to note. */
        public Results(String query, List<String> legs, List<Hit> items) {
            this(query, legs, null, items);
        }
    }

    /**
     * One node found.
     *
     * @param snippet the words around the match, which stands between {@code **}; {@code & < >} are written as HTML entities and a run of
     *     asterisks of the text itself as one, so that nothing in it is markup but ours
     * @param score the sum of reciprocal ranks; only its order says something
     */
    public record Hit(
            String id,
            String slug,
            String type,
            String title,
            @Nullable String status,
            @Nullable String snippet,
            double score,
            boolean tainted,
            @Nullable Instant occurredAt,
            int version) {}
}
