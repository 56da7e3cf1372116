package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An edge, seen from one of its nodes. */
public record EdgeView(
        String id,
        String type,
        Direction direction,
        NodeView.Brief other,
        JsonNode props,
        Instant validFrom,
        @Nullable Instant validTo,
        int version,
        boolean tainted) {

    /** Which way it points, seen from the node that was asked for. */
    public enum Direction {
        @JsonProperty("out")
        OUT,
        @JsonProperty("in")
        IN
    }

    /**
     * A page of edges, newest first.
     *
     * @param settled with {@code as_of}: whether this answer is final. Absent otherwise
     */
    public record Page(
            List<EdgeView> items,
            @Nullable String next,
            @Nullable Boolean settled) {
        public Page(List<EdgeView> items, @Nullable String next) {
            this(items, next, null);
        }
    }
}
