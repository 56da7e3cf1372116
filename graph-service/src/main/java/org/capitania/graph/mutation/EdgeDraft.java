package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.graph.types.EdgeType;
import org.jspecify.annotations.Nullable;

/** An edge that is to be made. */
record EdgeDraft(
        UUID id,
        EdgeType type,
        Draft from,
        Draft to,
        ObjectNode props,
        Draft producer,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable Double confidence,
        boolean tainted,
        int op) {

    /** What makes two edges of a batch the same. */
    static String key(EdgeType type, Draft from, Draft to, @Nullable Instant validFrom, @Nullable Instant validTo) {
        return type.name() + " " + from.id + " " + to.id + " " + validFrom + " " + validTo;
    }

    /** Whether its caller said when it holds; then it stands beside other periods of the same fact, and must not overlap them. */
    boolean hasPeriod() {
        return validFrom != null || validTo != null;
    }

    /** Whether it tells of something that is over. */
    boolean endedBy(Instant now) {
        return validTo != null && !validTo.isAfter(now);
    }

    ObjectNode json() {
        ObjectNode row = Json.MAPPER.createObjectNode();
        row.put("id", id.toString());
        row.put("type", type.name());
        row.put("from_id", from.id.toString());
        row.put("to_id", to.id.toString());
        row.set("props", props);
        row.put("producer_id", producer.id.toString());
        row.put("valid_from", Draft.text(validFrom));
        row.put("valid_to", Draft.text(validTo));
        row.put("confidence", confidence);
        row.put("tainted", tainted);
        return row;
    }
}
