package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a projection ({@code GET /v1/projections/{name}}); docs/projections.md defines the members of its rows.
 *
 * @param refreshedAt when it was last brought up to date; absent before the first time
 * @param next what to give as {@code after} for the next page; absent on the last
 */
public record Projection(
        String name,
        @Nullable Instant refreshedAt,
        List<JsonNode> items,
        @Nullable String next) {

    /**
     * The state of a projection, and the answer to {@code POST /v1/projections/{name}/refresh}.
     *
     * @param rows how many there are
     * @param changed how many the last refresh made, changed or took away
     */
    public record Refreshed(String name, @Nullable Instant refreshedAt, long rows, long changed) {}

    /** Every projection ({@code GET /v1/projections}). */
    public record All(List<Refreshed> items) {}
}
