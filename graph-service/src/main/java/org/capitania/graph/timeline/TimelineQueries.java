package org.capitania.graph.timeline;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.graph.node.Moment;
import org.capitania.graph.node.NodeStore;
import org.capitania.graph.node.PastStore;
import org.capitania.graph.node.Ref;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** What is linked to a node, or to the people and projects that belong to it, in the order of time. */
@ApplicationScoped
class TimelineQueries {
    /** Who and what an entity acts through: what happened to them happened to it. */
    private static final String AROUND = """
            WITH near AS (
                SELECT $1::uuid AS id, NULL::text AS by
                UNION
                SELECT e.from_id, n.slug FROM v_edges AS e JOIN v_nodes AS n ON n.id = e.from_id
                 WHERE e.to_id = $1 AND e.type IN ('works_for', 'owned_by', 'covers') AND e.valid_to IS NULL
            ), linked AS (
                SELECT e.from_id AS id, e.type || coalesce(' ' || b.by, '') AS via FROM near AS b JOIN v_edges AS e ON e.to_id = b.id
                UNION ALL
                SELECT e.to_id, e.type || coalesce(' ' || b.by, '') FROM near AS b JOIN v_edges AS e ON e.from_id = b.id
            ), happened AS (
                SELECT DISTINCT ON (n.id) coalesce(n.occurred_at, n.created_at) AS at, n.id, n.slug, n.type, n.title, n.status, n.tainted, l.via
                  FROM linked AS l
                  JOIN v_nodes AS n ON n.id = l.id
                 WHERE n.id <> $1 AND n.archived_at IS NULL
                   AND n.type NOT IN ('producer', 'contact', 'entity', 'conversation', 'turn_state')
                   AND ($2::timestamptz IS NULL OR coalesce(n.occurred_at, n.created_at) < $2)
                 ORDER BY n.id, length(l.via)
            )
            SELECT * FROM happened ORDER BY at DESC, id DESC LIMIT $3
            """;

    /** The same as known at a time; with a time of truth, only through what held then and no later than it. */
    private static final String AROUND_THEN = """
            WITH near AS (
                SELECT $1::uuid AS id, NULL::text AS by
                UNION
                SELECT e.from_id, n.row->>'slug' FROM edges_of($1, $4, $5) AS e CROSS JOIN LATERAL node_as_of(e.from_id, $4, NULL) AS n
                 WHERE e.to_id = $1 AND e.type IN ('works_for', 'owned_by', 'covers')
            ), linked AS (
                SELECT CASE WHEN e.to_id = b.id THEN e.from_id ELSE e.to_id END AS id, e.type || coalesce(' ' || b.by, '') AS via
                  FROM near AS b CROSS JOIN LATERAL edges_of(b.id, $4, $6) AS e
            ), happened AS (
                SELECT DISTINCT ON (n.id) coalesce((n.row->>'occurred_at')::timestamptz, (n.row->>'created_at')::timestamptz) AS at, n.id,
                       n.row->>'slug' AS slug, n.row->>'type' AS type, node_title(n.row->>'slug', n.row->'props') AS title, n.row->>'status' AS status,
                       coalesce((n.row->>'tainted')::boolean, false) AS tainted, l.via
                  FROM linked AS l
                 CROSS JOIN LATERAL node_as_of(l.id, $4, $6) AS n
                 WHERE n.id <> $1 AND NOT n.row ? 'archived_at'
                   AND n.row->>'type' NOT IN ('producer', 'contact', 'entity', 'conversation', 'turn_state')
                 ORDER BY n.id, length(l.via)
            )
            SELECT * FROM happened
             WHERE ($2::timestamptz IS NULL OR at < $2) AND ($6::timestamptz IS NULL OR at <= $6)
             ORDER BY at DESC, id DESC LIMIT $3
            """;

    private final Sql sql;
    private final NodeStore nodes;
    private final PastStore past;

    TimelineQueries(Sql sql, NodeStore nodes, PastStore past) {
        this.sql = sql;
        this.nodes = nodes;
        this.past = past;
    }

    Timeline about(Scope scope, String ref, Moment moment, @Nullable Instant before, int limit) {
        return sql.tx(scope, tx -> {
            Boolean settled = past.settled(tx, moment);
            NodeView.Brief about = nodes.brief(tx, ref).orElseThrow(() -> Ref.notFound(ref));
            List<Timeline.Entry> items = new ArrayList<>();
            UUID id = UUID.fromString(about.id());
            RowSet<Row> rows = moment.isNow()
                    ? tx.query(AROUND, id, db(before), limit + 1)
                    : tx.query(
                            AROUND_THEN,
                            id,
                            db(before),
                            limit + 1,
                            db(moment.asOf()),
                            db(moment.at()),
                            db(moment.validAt()));
            for (Row row : rows) {
                items.add(new Timeline.Entry(
                        Times.instant(row, "at"),
                        row.getUUID("id").toString(),
                        row.getString("slug"),
                        row.getString("type"),
                        row.getString("title"),
                        row.getString("status"),
                        row.getString("via"),
                        row.getBoolean("tainted")));
            }
            if (items.size() <= limit) {
                return new Timeline(about, items, null, settled);
            }
            List<Timeline.Entry> page = items.subList(0, limit);
            return new Timeline(about, page, page.getLast().at(), settled);
        });
    }

    private static @Nullable OffsetDateTime db(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }
}
