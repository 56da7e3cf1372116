package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edges that hold and cannot be right ({@code GET /v1/reconciliation/edges}); at most 200. */
public record EdgeFaults(List<Fault> items) {

    /**
     * One of them.
     *
     * @param kind {@code merged}: an end was merged into {@code instead}; {@code archived}: an end is archived, and nothing took its place;
     *     {@code two_primaries}: a person has another primary company, {@code instead}; {@code circle}: the same is said the other way round
     * @param gone which end is archived, {@code from} or {@code to}; absent where neither is
     * @param sentence what is wrong, for people
     */
    public record Fault(
            String kind,
            String edgeId,
            String type,
            NodeView.Brief from,
            NodeView.Brief to,
            @Nullable String gone,
            NodeView.@Nullable Brief instead,
            JsonNode props,
            String sentence) {}
}
