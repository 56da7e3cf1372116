package org.capitania.graph.node;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Nodes and edges as they were known at one time and true at another: of the rows recorded by then, the latest that speaks of that time. */
@ApplicationScoped
class PastStore {
    private static final String NODE = """
            SELECT h.row::text AS row, node_title(h.row->>'slug', h.row->'props') AS title
              FROM history_nodes AS h
             WHERE h.tenant_id = $4 AND h.id = $1 AND h.recorded_at <= coalesce($2::timestamptz, 'infinity')
               AND h.valid_from <= coalesce($3::timestamptz, $2, clock_timestamp()) AND (h.valid_to IS NULL OR h.valid_to > coalesce($3::timestamptz, $2, clock_timestamp()))
             ORDER BY h.recorded_at DESC
             LIMIT 1
            """;

    private static final String EDGES = """
            WITH known AS (
                SELECT DISTINCT ON (h.id) h.id, h.type, h.from_id, h.to_id, h.version, h.valid_from, h.valid_to, h.row
                  FROM (SELECT * FROM history_edges WHERE tenant_id = $4 AND from_id = $1 AND recorded_at <= coalesce($2::timestamptz, 'infinity')
                        UNION
                        SELECT * FROM history_edges WHERE tenant_id = $4 AND to_id = $1 AND recorded_at <= coalesce($2::timestamptz, 'infinity')) AS h
                 ORDER BY h.id, h.recorded_at DESC
            )
            SELECT k.id, k.type, k.from_id = $1 AS outgoing, (k.row->'props')::text AS props, k.valid_from, k.valid_to, k.version,
                   coalesce((k.row->>'tainted')::boolean, false) AS tainted,
                   o.id AS other_id, o.row->>'slug' AS other_slug, o.row->>'type' AS other_type,
                   node_title(o.row->>'slug', o.row->'props') AS other_title
              FROM known AS k
              JOIN LATERAL (
                   SELECT n.id, n.row FROM history_nodes AS n
                    WHERE n.tenant_id = $4 AND n.id = CASE WHEN k.from_id = $1 THEN k.to_id ELSE k.from_id END AND n.recorded_at <= coalesce($2::timestamptz, 'infinity')
                    ORDER BY n.recorded_at DESC
                    LIMIT 1) AS o ON true
             WHERE k.valid_from <= coalesce($3::timestamptz, $2, clock_timestamp()) AND (k.valid_to IS NULL OR k.valid_to > coalesce($3::timestamptz, $2, clock_timestamp()))
             ORDER BY k.id DESC
             LIMIT $5
            """;

    Optional<NodeView> node(Tx tx, UUID id, Moment moment) {
        return tx.one(
                        NODE,
                        id,
                        time(moment.asOf()),
                        time(moment.validAt()),
                        tx.scope().tenant())
                .map(Rows::past);
    }

    List<EdgeView> edges(Tx tx, UUID id, Moment moment, int limit) {
        List<EdgeView> edges = new ArrayList<>();
        for (Row row : tx.query(
                EDGES,
                id,
                time(moment.asOf()),
                time(moment.validAt()),
                tx.scope().tenant(),
                limit)) {
            edges.add(Rows.edge(row));
        }
        return edges;
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }
}
