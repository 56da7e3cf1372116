package org.capitania.graph.node;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.node.NodeStore.EdgeFilter;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Nodes and edges as they were known at one time and true at another; the rule is that of {@code node_as_of}. */
@ApplicationScoped
public class PastStore {
    private static final String NODE = """
            SELECT h.row::text AS row, node_title(h.row->>'slug', h.row->'props') AS title FROM node_as_of($1, $2, $3) AS h
            """;

    private static final String EDGES = """
            SELECT k.id, k.type, k.from_id = $1 AS outgoing, k.props::text AS props, k.valid_from, k.valid_to, k.version, k.tainted,
                   o.id AS other_id, coalesce(o.was->>'slug', o.slug) AS other_slug, o.type AS other_type,
                   CASE WHEN o.was IS NULL THEN o.title ELSE node_title(o.was->>'slug', o.was->'props') END AS other_title
              FROM edges_of($1, $2, $3) AS k
             CROSS JOIN LATERAL (
                   SELECT n.id, n.slug, n.type, n.title, n.recorded_at,
                          CASE WHEN n.recorded_at > $2 THEN node_version(n.id, n.created_at, $2, NULL) END AS was
                     FROM v_nodes AS n
                    WHERE n.id = CASE WHEN k.from_id = $1 THEN k.to_id ELSE k.from_id END
                   -- Looked up once, and not again for each column.
                   OFFSET 0) AS o
             WHERE ($2::timestamptz IS NULL OR o.recorded_at <= $2 OR o.was IS NOT NULL)
               AND ($4::text[] IS NULL OR k.type = ANY ($4))
               AND ($5::uuid IS NULL OR k.id < $5)
               AND CASE WHEN k.from_id = $1 THEN $6::boolean ELSE $7::boolean END
             ORDER BY k.id DESC
             LIMIT $8
            """;

    private static final String SETTLED = "SELECT $2 OR settled($1) AS settled, history_known_since() AS known_since";
    private static final String SETTLED_AND_NODE =
            SETTLED + ", n.id, n.slug, n.type, n.title FROM (SELECT 1) AS one LEFT JOIN v_nodes AS n ON n.id = $3";

    private final NodeStore nodes;

    /**
     * What was settled once stays so, and with it all that lies before: whatever begins later is recorded later. To ask the database means to
     * go through the locks of all its sessions.
     */
    private final AtomicReference<Instant> settledUntil = new AtomicReference<>(Instant.MIN);

    PastStore(NodeStore nodes) {
        this.nodes = nodes;
    }

    /**
     * Whether what was known then is known for good; ask before the data are read. Null for a question about now.
     *
     * @throws org.capitania.contract.CapitaniaException {@code history_removed} when the company no longer keeps what was known then
     */
    public @Nullable Boolean settled(Tx tx, Moment moment) {
        Instant asOf = moment.asOf();
        if (asOf == null) {
            return null;
        }
        return settled(asOf, tx.one(SETTLED, time(asOf), settledBefore(asOf)).orElseThrow());
    }

    /** A node somebody asked for by reference, and what {@link #settled} says of the moment asked for. */
    record Asked(NodeView.Brief node, @Nullable Boolean settled) {}

    /** Both at once: a question more would be a tenth of the time of a traversal. */
    Asked asked(Tx tx, String ref, Moment moment) {
        Instant asOf = moment.asOf();
        Optional<UUID> id = Ref.uuid(ref);
        if (asOf == null || id.isEmpty()) {
            Boolean settled = settled(tx, moment);
            return new Asked(nodes.brief(tx, ref).orElseThrow(() -> Ref.notFound(ref)), settled);
        }
        Row row = tx.one(SETTLED_AND_NODE, time(asOf), settledBefore(asOf), id.get())
                .orElseThrow();
        boolean settled = settled(asOf, row);
        if (row.getUUID("id") == null) {
            throw Ref.notFound(ref);
        }
        return new Asked(Rows.brief(row), settled);
    }

    private boolean settledBefore(Instant asOf) {
        return !asOf.isAfter(settledUntil.get());
    }

    private boolean settled(Instant asOf, Row row) {
        Instant since = Horizon.read(row);
        if (since != null && asOf.isBefore(since)) {
            throw Horizon.removed(since, "what was known at " + asOf);
        }
        boolean settled = row.getBoolean("settled");
        if (settled) {
            settledUntil.accumulateAndGet(asOf, (a, b) -> a.isAfter(b) ? a : b);
        }
        return settled;
    }

    Optional<NodeView> node(Tx tx, UUID id, Moment moment) {
        return tx.one(NODE, id, time(moment.asOf()), time(moment.at())).map(Rows::past);
    }

    List<EdgeView> edges(Tx tx, UUID id, Moment moment, EdgeFilter filter) {
        List<EdgeView> edges = new ArrayList<>();
        for (Row row : tx.query(
                EDGES,
                id,
                time(moment.asOf()),
                time(moment.at()),
                filter.types(),
                filter.after(),
                filter.out(),
                filter.in(),
                filter.limit() + 1)) {
            edges.add(Rows.edge(row));
        }
        return edges;
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }
}
