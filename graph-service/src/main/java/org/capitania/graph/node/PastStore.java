package org.capitania.graph.node;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
            SELECT h.row::text AS row, node_title(h.row->>'slug', h.row->'props') AS title,
                   p.id AS producer_id, p.slug AS producer_slug, p.type AS producer_type, p.title AS producer_title, p.tainted AS producer_tainted
              FROM node_as_of($1, $2, $3) AS h LEFT JOIN v_nodes AS p ON p.id = (h.row->>'producer_id')::uuid
            """;

    /**
     * The rule of {@code edges_of} and {@code node_version}, with two months of history named in the text, so that a plan opens these and
     * not every month there is. What had been as it was for longer is left to the functions.
     */
    private static final String EDGES = """
            SELECT k.id, k.type, k.outgoing, k.props::text AS props, k.valid_from, k.valid_to, k.version, k.tainted,
                   o.id AS other_id, coalesce(o.was->>'slug', o.slug) AS other_slug, o.type AS other_type,
                   CASE WHEN o.was IS NULL THEN o.title ELSE node_title(o.was->>'slug', o.was->'props') END AS other_title,
                   CASE WHEN o.was IS NULL THEN o.tainted ELSE coalesce((o.was->>'tainted')::boolean, false) END AS other_tainted
              FROM (SELECT e.id, e.type, e.outgoing, e.other,
                           CASE WHEN e.was IS NULL THEN e.version ELSE (e.was->>'version')::integer END AS version,
                           CASE WHEN e.was IS NULL THEN e.valid_from ELSE (e.was->>'valid_from')::timestamptz END AS valid_from,
                           CASE WHEN e.was IS NULL THEN e.valid_to ELSE (e.was->>'valid_to')::timestamptz END AS valid_to,
                           CASE WHEN e.was IS NULL THEN e.props ELSE e.was->'props' END AS props,
                           CASE WHEN e.was IS NULL THEN e.tainted ELSE coalesce((e.was->>'tainted')::boolean, false) END AS tainted
                      FROM (SELECT l.*,
                                   CASE WHEN l.stands OR l.version = 1 THEN NULL
                                        WHEN h.row IS NULL OR $3 < h.valid_from OR $3 >= h.valid_to
                                        THEN edge_version(l.id, l.created_at, least($2, l.recorded_at), $3)
                                        WHEN h.row ? 'sealed' THEN unsealed(h.row)
                                        ELSE h.row END AS was
                              FROM (SELECT d.*, ($2::timestamptz IS NULL OR d.recorded_at <= $2)
                                                AND ($3::timestamptz IS NULL OR (d.valid_from <= $3 AND (d.valid_to IS NULL OR d.valid_to > $3))) AS stands
                                      FROM (SELECT f.*, true AS outgoing, f.to_id AS other FROM edges AS f
                                             WHERE f.tenant_id = (SELECT current_tenant()) AND f.from_id = $1 AND $6::boolean
                                            UNION ALL
                                            SELECT t.*, false, t.from_id FROM edges AS t
                                             WHERE t.tenant_id = (SELECT current_tenant()) AND t.to_id = $1 AND t.from_id <> $1 AND $7::boolean) AS d
                                     WHERE ($2 IS NULL OR d.created_at <= $2)
                                       AND ($4::text[] IS NULL OR d.type = ANY ($4))
                                       AND ($5::uuid IS NULL OR d.id < $5)) AS l
                              LEFT JOIN LATERAL (
                                   SELECT x.row, x.valid_from, x.valid_to FROM history_edges AS x
                                    WHERE NOT l.stands AND l.version > 1 AND x.tenant_id = (SELECT current_tenant()) AND x.id = l.id
                                      AND x.recorded_at <= least($2, l.recorded_at) AND :months
                                    ORDER BY x.recorded_at DESC LIMIT 1) AS h ON true
                           -- Looked up once, and not again for each column.
                           OFFSET 0) AS e
                     WHERE e.stands OR e.was IS NOT NULL) AS k
             CROSS JOIN LATERAL (
                   SELECT n.id, n.slug, n.type, n.title, n.tainted, n.recorded_at,
                          CASE WHEN $2 IS NULL OR n.recorded_at <= $2 THEN NULL
                               WHEN h.row IS NULL THEN node_version(n.id, n.created_at, $2, NULL)
                               WHEN h.row ? 'sealed' THEN unsealed(h.row)
                               ELSE h.row END AS was
                     FROM v_nodes AS n
                     LEFT JOIN LATERAL (
                          SELECT x.row FROM history_nodes AS x
                           WHERE n.recorded_at > $2 AND x.tenant_id = (SELECT current_tenant()) AND x.id = n.id
                             AND x.recorded_at <= $2 AND :months
                           ORDER BY x.recorded_at DESC LIMIT 1) AS h ON true
                    WHERE n.id = k.other
                   OFFSET 0) AS o
             WHERE $2 IS NULL OR o.recorded_at <= $2 OR o.was IS NOT NULL
             ORDER BY k.id DESC
             LIMIT $8
            """;

    /** Where no month is likelier than another. */
    private static final String EDGES_OF_ANY_MONTH = EDGES.replace(":months", "false");

    private static final String SETTLED = "SELECT $2 OR settled($1) AS settled, history_known_since() AS known_since";
    private static final String SETTLED_AND_NODE = SETTLED
            + ", n.id, n.slug, n.type, n.title, n.tainted FROM (SELECT 1) AS one LEFT JOIN v_nodes AS n ON n.id = $3";

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

    private Asked asked(String ref, @Nullable Instant asOf, RowSet<Row> found) {
        Row row = found.iterator().next();
        Boolean settled = asOf == null ? null : (Boolean) settled(asOf, row);
        if (row.getUUID("id") == null) {
            throw Ref.notFound(ref);
        }
        return new Asked(Rows.brief(row), settled);
    }

    /** A node somebody asked for, with its edges then. */
    record Around(Asked asked, List<EdgeView> edges) {}

    /** All statements are sent before the first is answered; what is settled is still asked before the edges are read. */
    Around around(Tx tx, String ref, Moment moment, EdgeFilter filter) {
        UUID id = nodes.id(tx, ref);
        Supplier<Asked> asked = ask(tx, ref, id, moment);
        Supplier<List<EdgeView>> edges = askEdges(tx, id, moment, filter);
        return new Around(asked.get(), edges.get());
    }

    /** A node somebody asked for, with itself, if it was then, and its edges then. */
    record Whole(Asked asked, Optional<NodeStore.Produced> then, List<EdgeView> edges) {}

    /** In one trip like {@link #around}. */
    Whole whole(Tx tx, String ref, Moment moment, EdgeFilter filter) {
        UUID id = nodes.id(tx, ref);
        Supplier<Asked> asked = ask(tx, ref, id, moment);
        Supplier<Optional<Row>> then = tx.ask(NODE, id, time(moment.asOf()), time(moment.at()));
        Supplier<List<EdgeView>> edges = askEdges(tx, id, moment, filter);
        return new Whole(
                asked.get(),
                then.get().map(row -> new NodeStore.Produced(Rows.past(row), Rows.producer(row))),
                edges.get());
    }

    private Supplier<Asked> ask(Tx tx, String ref, UUID id, Moment moment) {
        Instant asOf = moment.asOf();
        Future<RowSet<Row>> asked = tx.send(SETTLED_AND_NODE, time(asOf), settledBefore(asOf), id);
        return () -> asked(ref, asOf, tx.await(asked));
    }

    private boolean settledBefore(@Nullable Instant asOf) {
        return asOf == null || !asOf.isAfter(settledUntil.get());
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

    private Supplier<List<EdgeView>> askEdges(Tx tx, UUID id, Moment moment, EdgeFilter filter) {
        Future<RowSet<Row>> asked = tx.send(edges(moment), arguments(id, moment, filter));
        return () -> {
            List<EdgeView> edges = new ArrayList<>();
            tx.await(asked).forEach(row -> edges.add(Rows.edge(row)));
            return edges;
        };
    }

    private static @Nullable Object[] arguments(UUID id, Moment moment, EdgeFilter filter) {
        return new @Nullable Object[] {
            id,
            time(moment.asOf()),
            time(moment.at()),
            filter.types(),
            filter.after(),
            filter.out(),
            filter.in(),
            filter.limit() + 1
        };
    }

    /** The month of the time asked for and the one before; a statement for each month somebody asks for, and not for any number there is. */
    private static String edges(Moment moment) {
        YearMonth month = moment.asOf() == null
                ? YearMonth.of(0, 1)
                : YearMonth.from(moment.asOf().atOffset(ZoneOffset.UTC));
        if (month.getYear() < 2000 || month.getYear() > 2100) {
            return EDGES_OF_ANY_MONTH;
        }
        return EDGES.replace(
                ":months",
                "x.recorded_at >= '" + month.minusMonths(1) + "-01Z' AND x.recorded_at < '" + month.plusMonths(1)
                        + "-01Z'");
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }
}
