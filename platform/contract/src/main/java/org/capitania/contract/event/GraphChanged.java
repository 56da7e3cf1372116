package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A node or an edge changed ({@code graph.node.changed}, {@code graph.edge.changed}); key: its id. Replaying these rebuilds the graph.
 *
 * @param op insert, update or archive; for an edge also delete
 * @param version the row's version after the change; a replay ignores lower ones
 * @param row the whole row but its vectors and full text
 */
public record GraphChanged(String op, String id, int version, JsonNode row, long historyId, Instant recordedAt) {
    public static final String NODE = "graph.node.changed";
    public static final String EDGE = "graph.edge.changed";
}
