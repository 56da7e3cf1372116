package org.capitania.graph.node;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Nodes and edges as they are now, by the clock of the store. */
@ApplicationScoped
public class NodeStore {
    private static final String BY_ID = "SELECT " + Rows.NODE + """
            , p.slug AS producer_slug, p.type AS producer_type, p.title AS producer_title, p.tainted AS producer_tainted
              FROM v_nodes AS n LEFT JOIN v_nodes AS p ON p.id = n.producer_id
             WHERE n.id = $1
            """;
    private static final String BRIEF_BY_ID = "SELECT id, slug, type, title, tainted FROM v_nodes WHERE id = $1";
    private static final String BRIEF_BY_SLUG = "SELECT id, slug, type, title, tainted FROM v_nodes WHERE slug = $1";

    private static final String EDGES = """
            SELECT e.id, e.type, e.outgoing, e.props::text AS props, e.valid_from, e.valid_to, e.version, e.tainted,
                   o.id AS other_id, o.slug AS other_slug, o.type AS other_type, o.title AS other_title, o.tainted AS other_tainted
              FROM (SELECT a.*, true AS outgoing, a.to_id AS other FROM v_edges AS a WHERE a.from_id = $1 AND $5
                    UNION ALL
                    SELECT b.*, false, b.from_id FROM v_edges AS b WHERE b.to_id = $1 AND b.from_id <> b.to_id AND $6) AS e
              JOIN v_nodes AS o ON o.id = e.other
             WHERE e.valid_from <= clock_timestamp() AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp())
               AND ($2::text[] IS NULL OR e.type = ANY ($2))
               AND ($3::uuid IS NULL OR e.id < $3)
             ORDER BY e.id DESC
             LIMIT $4
            """;

    /** A node and what it comes from. */
    record Produced(NodeView node, Optional<NodeView.Brief> producer) {}

    /** Asks for a node without waiting for it. */
    Supplier<Optional<Produced>> ask(Tx tx, UUID id) {
        Supplier<Optional<Row>> row = tx.ask(BY_ID, id);
        return () -> row.get().map(found -> new Produced(Rows.node(found), Rows.producer(found)));
    }

    /** The node an id or a slug names, in a line. */
    public Optional<NodeView.Brief> brief(Tx tx, String ref) {
        if (ref.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Optional<UUID> id = Ref.uuid(ref);
        return (id.isPresent() ? tx.one(BRIEF_BY_ID, id.get()) : tx.one(BRIEF_BY_SLUG, ref)).map(Rows::brief);
    }

    /** The id of what is asked for by reference; an id is its own, whether there is such a node or not. */
    UUID id(Tx tx, String ref) {
        return Ref.uuid(ref)
                .orElseGet(() -> UUID.fromString(
                        brief(tx, ref).orElseThrow(() -> Ref.notFound(ref)).id()));
    }

    List<EdgeView> edges(Tx tx, UUID node, EdgeFilter filter) {
        return askEdges(tx, node, filter).get();
    }

    /** The same without waiting for them. */
    Supplier<List<EdgeView>> askEdges(Tx tx, UUID node, EdgeFilter filter) {
        Future<RowSet<Row>> asked =
                tx.send(EDGES, node, filter.types(), filter.after(), filter.limit() + 1, filter.out(), filter.in());
        return () -> {
            List<EdgeView> edges = new ArrayList<>();
            tx.await(asked).forEach(row -> edges.add(Rows.edge(row)));
            return edges;
        };
    }

    /**
     * Which edges.
     *
     * @param types null means all
     * @param after the last id of the page before
     */
    record EdgeFilter(
            String @Nullable [] types,
            boolean out,
            boolean in,
            @Nullable UUID after,
            int limit) {}
}
