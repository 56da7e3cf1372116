package org.capitania.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Tasks with two years of history, as triggers would have left it: of ten tasks three have been changed twenty times since, one link of
 * ten once. Beside them one with ten thousand versions, and one that has stayed as it was made six years ago.
 */
final class TimeData {
    /** What {@code as_of} asks for: some of what is changed often has changed since, what is not was there by then. */
    static final Instant THEN = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(90, ChronoUnit.DAYS);

    static final int VERSIONS = 20;
    static final int MANY_VERSIONS = 10_000;
    static final int LINKS = 4;
    private static final int DAYS = 720;

    /** Numbers of the two tasks that stand alone. */
    static final int MANY = 1;

    static final int ANCIENT = 2;

    private final int nodes;

    TimeData(int nodes) {
        this.nodes = nodes;
    }

    /** The id of the task with a number; ordinary ones have the numbers from 10 on. */
    static String id(int number) {
        return "00000000-0000-7000-8000-%012x".formatted(number);
    }

    static boolean changesOften(int number) {
        return number % 10 < 3;
    }

    /** Without triggers: they would say it all happened today. */
    void fill(BenchPostgres postgres) throws SQLException {
        try (Connection admin = postgres.connect();
                Statement statement = admin.createStatement()) {
            statement.execute("SET search_path = graph, public");
            statement.execute("SET session_replication_role = replica");
            statement.execute("SELECT set_config('hq.tenant', '" + GraphProcess.TENANT + "', false)");
            for (int month = 1; month <= 74; month++) {
                partition(statement, month);
            }
            statement.execute(
                    "CREATE TEMP TABLE begun AS SELECT '" + THEN.plus(90, ChronoUnit.DAYS) + "'::timestamptz AS now");
            for (String sql : List.of(TASKS, NODES, NODE_HISTORY, EDGES, EDGE_HISTORY)) {
                statement.execute(sql.replace(":nodes", Integer.toString(nodes))
                        .replace(":versions", Integer.toString(VERSIONS))
                        .replace(":many", Integer.toString(MANY_VERSIONS))
                        .replace(":links", Integer.toString(LINKS))
                        .replace(":days", Integer.toString(DAYS)));
            }
        }
        postgres.execute("VACUUM ANALYZE");
    }

    private static void partition(Statement statement, int monthsAgo) throws SQLException {
        for (String parent : List.of("history_nodes", "history_edges")) {
            statement.execute("""
                    DO $$
                    DECLARE
                        month     timestamptz := date_trunc('month', now()) - make_interval(months => %d);
                        partition text := '%s_' || to_char(month, 'YYYY_MM');
                    BEGIN
                        IF to_regclass(partition) IS NULL THEN
                            EXECUTE format('CREATE TABLE %%I PARTITION OF %s FOR VALUES FROM (%%L) TO (%%L)', partition, month, month + interval '1 month');
                            EXECUTE format('ALTER TABLE %%I OWNER TO graph_owner', partition);
                        END IF;
                    END
                    $$
                    """.formatted(monthsAgo, parent, parent));
        }
    }

    /** Of each: how many versions, when the first and how long between two. */
    private static final String TASKS = """
            CREATE TEMP TABLE tasks AS
            SELECT i, ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid AS id,
                   CASE WHEN i = 1 THEN :many WHEN i > 2 AND i % 10 < 3 THEN :versions ELSE 1 END AS versions,
                   CASE WHEN i = 2 THEN b.now - interval '6 years' WHEN i = 1 OR i % 10 < 3 THEN b.now - interval ':days days' + make_interval(secs => i)
                        ELSE b.now - interval '100 days' - make_interval(days => i % (:days - 100), secs => i) END AS first,
                   CASE WHEN i = 1 THEN interval ':days days' / :many ELSE interval ':days days' / :versions END AS pause
              FROM begun AS b, generate_series(1, :nodes + 9) AS i
             WHERE i IN (1, 2) OR i >= 10
            """;

    private static final String NODES = """
            INSERT INTO nodes (id, type, slug, status, props, producer_id, language, valid_from, version, created_at, updated_at, recorded_at)
            SELECT t.id, 'task', 'bench-task-' || t.i, 'open',
                   jsonb_build_object('title', 'Task ' || t.i || ' at ' || t.versions, 'description_md', repeat('what is to be done, ', 15)),
                   t.id, 'en', t.first, t.versions, t.first, r.at, r.at
              FROM tasks AS t CROSS JOIN LATERAL (SELECT t.first + t.pause * (t.versions - 1) AS at) AS r
            """;

    private static final String NODE_HISTORY = """
            INSERT INTO history_nodes (tenant_id, id, recorded_at, version, op, actor, producer_id, valid_from, row)
            SELECT n.tenant_id, n.id, r.at, v, CASE v WHEN 1 THEN 'insert' ELSE 'update' END, 'system:bench', n.producer_id, n.valid_from,
                   node_row(n) || jsonb_build_object('version', v, 'recorded_at', r.at, 'updated_at', r.at,
                                                     'props', n.props || jsonb_build_object('title', 'Task ' || t.i || ' at ' || v))
              FROM tasks AS t JOIN nodes AS n ON n.tenant_id = current_tenant() AND n.id = t.id
             CROSS JOIN LATERAL generate_series(1, t.versions) AS v
             CROSS JOIN LATERAL (SELECT t.first + t.pause * (v - 1) AS at) AS r
            """;

    private static final String EDGES = """
            INSERT INTO edges (id, type, from_id, to_id, props, producer_id, valid_from, version, created_at, updated_at, recorded_at)
            SELECT ('00000000-0000-7000-9000-' || lpad(to_hex(f.i * :links + k), 12, '0'))::uuid, 'related_to', f.id, t.id,
                   jsonb_build_object('note', 'link ' || k), f.id, e.at, CASE WHEN changed THEN 2 ELSE 1 END, e.at,
                   CASE WHEN changed THEN e.at + interval '95 days' ELSE e.at END, CASE WHEN changed THEN e.at + interval '95 days' ELSE e.at END
              FROM begun AS b CROSS JOIN tasks AS f CROSS JOIN LATERAL generate_series(0, :links - 1) AS k
              -- Spread over all, and never the same twice: a step that grows with k.
              JOIN tasks AS t ON t.i = 10 + (f.i * 7 + 1 + k * 13) % :nodes
             CROSS JOIN LATERAL (SELECT b.now - interval '100 days' AS at, (f.i + k) % 10 = 0 AS changed) AS e
             WHERE f.i >= 10 AND t.i <> f.i
            """;

    private static final String EDGE_HISTORY = """
            INSERT INTO history_edges (tenant_id, id, recorded_at, version, op, actor, producer_id, type, from_id, to_id, valid_from, row)
            SELECT e.tenant_id, e.id, r.at, v, CASE v WHEN 1 THEN 'insert' ELSE 'update' END, 'system:bench', e.producer_id, e.type, e.from_id, e.to_id,
                   e.valid_from, edge_row(e) || jsonb_build_object('version', v, 'recorded_at', r.at, 'updated_at', r.at)
              FROM edges AS e CROSS JOIN LATERAL generate_series(1, e.version) AS v
             CROSS JOIN LATERAL (SELECT e.created_at + interval '95 days' * (v - 1) AS at) AS r
            """;
}
