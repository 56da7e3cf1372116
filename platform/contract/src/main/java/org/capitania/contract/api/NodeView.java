package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node, as it is or as it was known.
 *
 * @param title what people call it
 * @param producerId where it comes from
 * @param validFrom since when it is true
 * @param recordedAt since when it is known in this form
 * @param tainted it came from outside, or derives from what did
 */
public record NodeView(
        String id,
        String type,
        String slug,
        String title,
        @Nullable String status,
        @Nullable String priority,
        @Nullable Instant occurredAt,
        @Nullable Instant archivedAt,
        JsonNode props,
        List<String> tags,
        String producerId,
        @Nullable String ownerId,
        @Nullable String externalSource,
        @Nullable String externalId,
        Instant validFrom,
        @Nullable Instant validTo,
        int version,
        boolean tainted,
        @Nullable Double confidence,
        Instant createdAt,
        Instant updatedAt,
        Instant recordedAt) {

    /** A prop as text; null when it is absent or null. */
    public @Nullable String text(String prop) {
        JsonNode value = props.get(prop);
        return value == null || value.isNull() ? null : value.asText();
    }

    /**
     * A node in a line.
     *
     * @param tainted as of the node: its title may be the words of somebody outside; absent when it is not
     */
    public record Brief(
            String id,
            String slug,
            String type,
            String title,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean tainted) {
        public Brief(String id, String slug, String type, String title) {
            this(id, slug, type, title, false);
        }
    }

    /**
     * One node with what it is linked to ({@code GET /v1/nodes/{id or slug}}).
     *
     * @param edges at most 200, newest first; {@code GET /v1/nodes/{id}/edges} has them all
     * @param settled with {@code as_of}: whether this answer is final; false while a transaction that wrote before that time is open. Absent otherwise
     */
    public record Detail(
            NodeView node,
            Brief producer,
            List<EdgeView> edges,
            boolean moreEdges,
            @Nullable Boolean settled) {
        public Detail(NodeView node, Brief producer, List<EdgeView> edges, boolean moreEdges) {
            this(node, producer, edges, moreEdges, null);
        }
    }

    /**
     * A page of nodes, newest first.
     *
     * @param next what to give as {@code after} for the next page; absent on the last
     * @param settled with {@code as_of}: whether this answer is final; false while a transaction that wrote before that time is open. Absent otherwise
     */
    public record Page(
            List<NodeView> items,
            @Nullable String next,
            @Nullable Boolean settled) {
        public Page(List<NodeView> items, @Nullable String next) {
            this(items, next, null);
        }
    }

    /** Several pages ({@code GET /v1/node-pages}), in the order in which they were asked for. */
    public record Pages(List<Page> items) {}
}
