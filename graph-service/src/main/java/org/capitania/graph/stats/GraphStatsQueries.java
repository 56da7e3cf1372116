package org.capitania.graph.stats;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.api.GraphStats;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** Counts. */
@ApplicationScoped
class GraphStatsQueries {
    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM v_nodes WHERE archived_at IS NULL) AS nodes,
                   (SELECT count(*) FROM v_edges WHERE valid_to IS NULL) AS edges,
                   outbox_lag() AS outbox_lag
            """;

    /** By id, which begins with the time it was given at: of a large store only the newest are read. */
    private static final String THROUGHPUT = """
            SELECT producer_id, count(*) FILTER (WHERE created_at > $1::timestamptz + interval '6 days') AS day, count(*) AS week
              FROM v_nodes WHERE id >= $2::uuid AND created_at > $1::timestamptz GROUP BY producer_id ORDER BY producer_id
            """;

    private static final Duration WEEK = Duration.ofDays(7);

    private final Sql sql;
    private final Clock clock;

    GraphStatsQueries(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    GraphStats.Throughputs producers(Scope scope) {
        Instant since = clock.instant().minus(WEEK);
        UUID first = new UUID(since.toEpochMilli() << 16 | 0x7000, 0x8000000000000000L);
        return sql.tx(scope, tx -> {
            List<GraphStats.Throughput> items = new ArrayList<>();
            for (Row row : tx.query(THROUGHPUT, Times.db(since), first)) {
                items.add(new GraphStats.Throughput(
                        row.getUUID("producer_id").toString(), row.getLong("day"), row.getLong("week")));
            }
            return new GraphStats.Throughputs(items);
        });
    }

    GraphStats of(Scope scope) {
        return sql.tx(scope, tx -> {
            Row row = tx.query(COUNTS).iterator().next();
            return new GraphStats(row.getLong("nodes"), row.getLong("edges"), row.getLong("outbox_lag"));
        });
    }
}
