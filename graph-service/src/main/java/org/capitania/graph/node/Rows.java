package org.capitania.graph.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.ExactJson;
import org.capitania.servicekit.Times;

/** Rows of the store as what the API shows. */
public final class Rows {
    /** The columns of {@code v_nodes} that {@link #node(Row)} reads. */
    static final String NODE = """
            n.id, n.type, n.slug, n.title, n.status, n.priority, n.occurred_at, n.archived_at, n.props::text AS props, n.tags, n.producer_id,
            n.owner_id, n.external_source, n.external_id, n.valid_from, n.valid_to, n.version, n.tainted, n.confidence, n.created_at,
            n.updated_at, n.recorded_at
            """;

    private Rows() {}

    static NodeView node(Row row) {
        Float confidence = row.getFloat("confidence");
        return new NodeView(
                row.getUUID("id").toString(),
                row.getString("type"),
                row.getString("slug"),
                row.getString("title"),
                row.getString("status"),
                row.getString("priority"),
                Times.instantOrNull(row, "occurred_at"),
                Times.instantOrNull(row, "archived_at"),
                ExactJson.read(row.getString("props")),
                List.copyOf(Arrays.asList(row.getArrayOfStrings("tags"))),
                row.getUUID("producer_id").toString(),
                row.getUUID("owner_id") == null ? null : row.getUUID("owner_id").toString(),
                row.getString("external_source"),
                row.getString("external_id"),
                Times.instant(row, "valid_from"),
                Times.instantOrNull(row, "valid_to"),
                row.getInteger("version"),
                row.getBoolean("tainted"),
                confidence == null ? null : confidence.doubleValue(),
                Times.instant(row, "created_at"),
                Times.instant(row, "updated_at"),
                Times.instant(row, "recorded_at"));
    }

    /** What a row of {@link #node} says of the node's producer. */
    static Optional<NodeView.Brief> producer(Row row) {
        return Optional.ofNullable(row.getString("producer_type"))
                .map(type -> new NodeView.Brief(
                        row.getUUID("producer_id").toString(),
                        row.getString("producer_slug"),
                        type,
                        row.getString("producer_title"),
                        row.getBoolean("producer_tainted")));
    }

    /** A node as history keeps it. */
    static NodeView past(Row row) {
        ObjectNode whole = ExactJson.object(row.getString("row"));
        whole.put("title", row.getString("title"));
        return Json.convert(whole, NodeView.class);
    }

    public static NodeView.Brief brief(Row row) {
        return new NodeView.Brief(
                row.getUUID("id").toString(),
                row.getString("slug"),
                row.getString("type"),
                row.getString("title"),
                row.getBoolean("tainted"));
    }

    static EdgeView edge(Row row) {
        return new EdgeView(
                row.getUUID("id").toString(),
                row.getString("type"),
                row.getBoolean("outgoing") ? EdgeView.Direction.OUT : EdgeView.Direction.IN,
                new NodeView.Brief(
                        row.getUUID("other_id").toString(),
                        row.getString("other_slug"),
                        row.getString("other_type"),
                        row.getString("other_title"),
                        row.getBoolean("other_tainted")),
                ExactJson.read(row.getString("props")),
                Times.instant(row, "valid_from"),
                Times.instantOrNull(row, "valid_to"),
                row.getInteger("version"),
                row.getBoolean("tainted"));
    }
}
