package org.capitania.graph.timeline;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.graph.node.NodeStore;
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

    private final Sql sql;
    private final NodeStore nodes;

    TimelineQueries(Sql sql, NodeStore nodes) {
        this.sql = sql;
        this.nodes = nodes;
    }

    Timeline about(Scope scope, String ref, @Nullable Instant before, int limit) {
        return sql.tx(scope, tx -> {
            NodeView.Brief about = nodes.brief(tx, ref).orElseThrow(() -> Ref.notFound(ref));
            List<Timeline.Entry> items = new ArrayList<>();
            for (Row row : tx.query(
                    AROUND, UUID.fromString(about.id()), before == null ? null : Times.db(before), limit + 1)) {
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
                return new Timeline(about, items, null);
            }
            List<Timeline.Entry> page = items.subList(0, limit);
            return new Timeline(about, page, page.getLast().at());
        });
    }
}
