package org.capitania.graph.stats;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.api.GraphStats;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Counts. */
@ApplicationScoped
class GraphStatsQueries {
    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM v_nodes WHERE archived_at IS NULL) AS nodes,
                   (SELECT count(*) FROM v_edges WHERE valid_to IS NULL) AS edges,
                   outbox_lag() AS outbox_lag
            """;

    private final Sql sql;

    GraphStatsQueries(Sql sql) {
        this.sql = sql;
    }

    GraphStats of(Scope scope) {
        return sql.tx(scope, tx -> {
            Row row = tx.query(COUNTS).iterator().next();
            return new GraphStats(row.getLong("nodes"), row.getLong("edges"), row.getLong("outbox_lag"));
        });
    }
}
