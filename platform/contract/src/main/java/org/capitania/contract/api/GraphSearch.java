package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A search ({@code POST /v1/search}).
 *
 * @param query words as people type them; quotes, {@code or} and {@code -word} are understood
 * @param types only nodes of these types
 * @param limit 10 by default, at most 50
 */
public record GraphSearch(
        String query,
        @Nullable List<String> types,
        @Nullable Integer limit) {

    /**
     * What was found, best first.
     *
     * @param modes how it was searched: {@code text} and {@code trigram}; {@code vector} once embeddings are there
     */
    public record Results(String query, List<String> modes, List<Hit> items) {}

    /**
     * One node found.
     *
     * @param snippet the words around the match, which stands between {@code **}
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
