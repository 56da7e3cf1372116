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

    /** The time of an ask is counted as v_gap_unresolved_intents counts it; a task without a due date has seven days, as v_gap_abandoned_tasks gives it. */
    private static final String WORK = """
            WITH mine AS (
                SELECT coalesce(prop_time(n.props, 'due_at'), n.created_at + interval '7 days') AS due,
                       CASE n.status WHEN 'done' THEN coalesce(prop_time(n.props, 'done_at'), status_since(n.id, n.status)) END AS done
                  FROM v_nodes AS p
                  JOIN v_edges AS d ON d.to_id = p.id AND d.type = 'driven_by' AND d.valid_to IS NULL
                  JOIN v_nodes AS n ON n.id = d.from_id AND n.type = 'task' AND n.archived_at IS NULL AND n.status <> 'cancelled'
                 WHERE p.slug = 'hq:agent:' || $1::text
            ), tasks AS (
                SELECT count(*) AS ended, count(*) FILTER (WHERE m.done <= m.due) AS in_time
                  FROM mine AS m WHERE m.done > $2::timestamptz OR (m.done IS NULL AND m.due > $2 AND m.due <= $3::timestamptz)
            ), intents AS (
                SELECT count(*) AS resolved, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.at - i.due) / 3600.0) AS hours
                  FROM (SELECT CASE WHEN n.status = 'open' THEN (
                                   SELECT min(f.created_at) FROM v_edges AS f WHERE f.from_id = n.id AND f.type = 'fulfilled_by' AND f.valid_to IS NULL)
                               ELSE status_since(n.id, n.status) END AS at,
                               coalesce(prop_time(n.props, 'explicit_due_at'), coalesce((
                                   SELECT coalesce(s.occurred_at, s.created_at) FROM v_edges AS e JOIN v_nodes AS s ON s.id = e.to_id
                                    WHERE e.from_id = n.id AND e.type = 'extracted_from' AND e.valid_to IS NULL ORDER BY e.id LIMIT 1),
                                   n.occurred_at, n.created_at)
                                   + CASE n.props->>'urgency' WHEN 'blocker' THEN interval '24 hours' WHEN 'nice' THEN interval '7 days'
                                                              ELSE interval '72 hours' END) AS due
                          FROM v_nodes AS n
                         WHERE n.type = 'intent' AND n.props->>'kind' NOT IN ('inform', 'confirm', 'approve', 'thank') AND n.updated_at > $2 - interval '30 days') AS i
                 WHERE i.at > $2 AND i.at > i.due
            ), articles AS (
                SELECT count(DISTINCT a.id) AS articles, max(extract(epoch FROM a.created_at - d.created_at) / 3600.0) AS hours
                  FROM v_nodes AS a
                  JOIN LATERAL jsonb_array_elements_text(
                       CASE jsonb_typeof(a.props->'sources') WHEN 'array' THEN a.props->'sources' ELSE '[]'::jsonb END) AS s(source) ON true
                  JOIN v_nodes AS d ON d.type = 'document' AND s.source IN (d.slug, d.props->>'path') AND d.created_at <= a.created_at
                 WHERE a.type = 'kb_article' AND a.created_at > $2
            ), examples AS (
                SELECT count(*) FILTER (WHERE x.taken OR x.created_at < $3 - interval '7 days') AS examples, count(*) FILTER (WHERE x.taken) AS in_time
                  FROM (SELECT n.created_at, EXISTS (
                                   SELECT 1 FROM history_nodes AS h
                                    WHERE h.id = n.id AND h.row->>'status' = 'active' AND h.recorded_at <= n.created_at + interval '7 days') AS taken
                          FROM v_nodes AS n WHERE n.type = 'success_example' AND n.created_at > $2) AS x
            )
            SELECT tasks.ended AS tasks, tasks.in_time AS tasks_in_time, intents.resolved AS intents, intents.hours::double precision AS intent_hours,
                   articles.articles, articles.hours::double precision AS article_hours, examples.examples, examples.in_time AS examples_in_time
              FROM tasks, intents, articles, examples
            """;

    private static final Duration MONTH = Duration.ofDays(30);
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

    GraphStats.Work work(Scope scope, String role) {
        Instant now = clock.instant();
        return sql.read(scope, tx -> {
            Row row = tx.query(WORK, role, Times.db(now.minus(MONTH)), Times.db(now))
                    .iterator()
                    .next();
            return new GraphStats.Work(
                    row.getLong("tasks"),
                    row.getLong("tasks_in_time"),
                    row.getLong("intents"),
                    row.getDouble("intent_hours"),
                    row.getLong("articles"),
                    row.getDouble("article_hours"),
                    row.getLong("examples"),
                    row.getLong("examples_in_time"));
        });
    }

    GraphStats of(Scope scope) {
        return sql.tx(scope, tx -> {
            Row row = tx.query(COUNTS).iterator().next();
            return new GraphStats(row.getLong("nodes"), row.getLong("edges"), row.getLong("outbox_lag"));
        });
    }
}
