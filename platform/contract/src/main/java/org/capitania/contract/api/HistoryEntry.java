package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a node.
 *
 * @param op insert, update or archive
 * @param producerId what the change rests on
 * @param mutationId the batch it was part of; absent for a change that was not made through the API
 * @param changes what differs from the version before; for the first version all it began with; empty where the version before has been removed
 */
public record HistoryEntry(
        int version,
        String op,
        String actor,
        @Nullable String reason,
        String producerId,
        @Nullable String mutationId,
        Instant recordedAt,
        List<Change> changes) {

    /**
     * One difference.
     *
     * @param path a column such as {@code status}, or {@code props.<name>}
     * @param before absent when there was nothing
     * @param after absent when there is nothing any more
     */
    public record Change(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    /**
     * A node's changes, newest first ({@code GET /v1/nodes/{id}/history}).
     *
     * @param next the version to give as {@code before} for the next page; absent on the last
     * @param knownSince history before has been removed by the company's choice ({@link Retention}); absent while it is whole
     */
    public record Page(
            NodeView.Brief node,
            List<HistoryEntry> items,
            @Nullable Integer next,
            @Nullable Instant knownSince) {}
}
