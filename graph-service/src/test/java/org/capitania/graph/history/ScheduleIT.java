package org.capitania.graph.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What must hold of history (invariants 9 to 12), over random schedules of transactions that are open side by side. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ScheduleIT {
    private static final String TENANT = "other";
    private static final int WRITERS = 4;
    private static final int STEPS = 40;

    private final List<UUID> nodes = new ArrayList<>();
    private final List<UUID> edges = new ArrayList<>();
    private final Map<Timestamp, Object> samples = new LinkedHashMap<>();
    private int settledSamples;

    @Test
    void shouldKeepHistoryWholeWhateverTheSchedule() throws SQLException {
        new GraphApi("user:elsewhere", TENANT)
                .mutate("{\"ops\": [{\"op\": \"create\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}");
        int schedules = Soak.count(25, 3000);
        DirectSql[] writers = new DirectSql[WRITERS];
        DirectSql reader = DirectSql.as("graph", TENANT);
        reader.rollback();
        for (int w = 0; w < WRITERS; w++) {
            writers[w] = DirectSql.as("graph", TENANT);
            writers[w].rollback();
        }
        try {
            for (int i = 0; i < schedules; i++) {
                run(writers, reader, 20261121L + i);
            }
        } finally {
            reader.close();
            for (DirectSql writer : writers) {
                writer.close();
            }
        }
        assertThat(settledSamples).isPositive();
        // 11: and what the topics hold is what there is, too.
        RebuildCheck rebuilt = Json.read(
                new GraphApi("user:elsewhere", TENANT)
                        .request()
                        .post("/v1/rebuild/check")
                        .asString(),
                RebuildCheck.class);
        assertThat(rebuilt.differences()).as(rebuilt.toString()).isZero();
        assertThat(rebuilt.nodes()).isPositive();
        Soak.report(
                "history",
                "Random schedules of open transactions.",
                Map.of("schedules", schedules, "samples", settledSamples));
    }

    private void run(DirectSql[] writers, DirectSql reader, long seed) throws SQLException {
        nodes.clear();
        edges.clear();
        samples.clear();
        reader.begin(TENANT);
        // What a schedule tells of its own rows it tells after this: the events of those before it need not be read.
        long before = (Long) reader.query("SELECT coalesce(max(id), 0) FROM outbox");
        reader.rollback();
        Random random = new Random(seed);
        boolean[] open = new boolean[WRITERS];
        for (int step = 0; step < STEPS; step++) {
            int w = random.nextInt(WRITERS);
            DirectSql writer = writers[w];
            if (!open[w]) {
                writer.begin(TENANT);
                writer.execute("SET LOCAL lock_timeout = '5ms'");
                open[w] = true;
            }
            try {
                switch (random.nextInt(12)) {
                    case 0, 1 -> {
                        writer.commit();
                        open[w] = false;
                    }
                    case 2 -> {
                        writer.rollback();
                        open[w] = false;
                    }
                    case 3 -> sample(reader, "seed " + seed);
                    default -> write(writer, random);
                }
            } catch (SQLException e) {
                // A lock that another holds, a key another took, a refusal: the transaction is lost, as it would be for
                // anybody.
                writer.rollback();
                open[w] = false;
            }
        }
        for (int w = 0; w < WRITERS; w++) {
            if (open[w]) {
                writers[w].commit();
            }
        }
        reader.begin(TENANT);
        check(reader, before, "seed " + seed);
        believe(reader, random, "seed " + seed);
        reader.rollback();
    }

    private void write(DirectSql writer, Random random) throws SQLException {
        int kind = nodes.size() < 3 ? 0 : random.nextInt(9);
        switch (kind) {
            case 0 -> {
                UUID id = UUID.randomUUID();
                nodes.add(id);
                writer.execute(
                        "INSERT INTO nodes (id, type, slug, producer_id, valid_from) SELECT ?, 'task', 'task-' || ?, producer_id, ?::timestamptz FROM nodes LIMIT 1",
                        id,
                        id.toString(),
                        day(random));
            }
            case 1 ->
                writer.execute("UPDATE nodes SET status = ? WHERE id = ?", "s" + random.nextInt(5), any(nodes, random));
            case 2 -> {
                UUID id = any(nodes, random);
                writer.execute("UPDATE nodes SET priority = ? WHERE id = ?", "p" + random.nextInt(50), id);
                writer.execute(
                        "UPDATE nodes SET priority = ?, recorded_at = 'epoch', version = 1 WHERE id = ?",
                        "q" + random.nextInt(50),
                        id);
            }
            case 3 ->
                writer.execute(
                        "UPDATE nodes SET valid_from = ?::timestamptz, valid_to = NULL WHERE id = ?",
                        day(random),
                        any(nodes, random));
            case 4 ->
                writer.execute(
                        "UPDATE nodes SET valid_to = valid_from + make_interval(days => ?) WHERE id = ?",
                        1 + random.nextInt(200),
                        any(nodes, random));
            case 5 -> {
                UUID id = UUID.randomUUID();
                edges.add(id);
                writer.execute(
                        "INSERT INTO edges (id, type, from_id, to_id, producer_id, valid_from) SELECT ?, 'related_to', ?, ?, producer_id, ?::timestamptz FROM nodes LIMIT 1",
                        id,
                        any(nodes, random),
                        any(nodes, random),
                        day(random));
            }
            case 6 ->
                writer.execute(
                        "UPDATE edges SET valid_to = greatest(clock_timestamp(), valid_from + interval '1 day') WHERE id = ?",
                        any(edges, random));
            case 7 ->
                writer.execute(List.of(
                                "DELETE FROM nodes",
                                "TRUNCATE nodes CASCADE",
                                "UPDATE history_nodes SET op = 'insert'",
                                "DELETE FROM history_edges")
                        .get(random.nextInt(4)));
            default ->
                writer.execute(
                        "UPDATE nodes SET archived_at = CASE WHEN archived_at IS NULL THEN clock_timestamp() END WHERE id = ?",
                        any(nodes, random));
        }
    }

    /** What is known now, if it is known for good. */
    private void sample(DirectSql sql, String seed) throws SQLException {
        sql.begin(TENANT);
        Timestamp now = (Timestamp) sql.query("SELECT clock_timestamp()");
        if (Boolean.TRUE.equals(sql.query("SELECT settled(?)", now))) {
            settledSamples++;
            samples.put(now, knownAt(sql, now));
        }
        assertThat(sql.query("SELECT settled(clock_timestamp() + interval '1 hour')"))
                .as(seed)
                .isEqualTo(false);
        sql.rollback();
    }

    private Object knownAt(DirectSql sql, Timestamp at) {
        String[] ids = texts(nodes);
        return sql.query("""
                SELECT coalesce((SELECT string_agg(n::text, ';' ORDER BY n.id) FROM nodes_as_of(?, NULL) AS n WHERE n.id = ANY (?::uuid[])), '')
                       || coalesce((SELECT string_agg(e::text, ';' ORDER BY n, e.id) FROM unnest(?::uuid[]) AS n, edges_of(n, ?, NULL) AS e), '')""", at, ids, ids, at);
    }

    private void check(DirectSql sql, long before, String seed) throws SQLException {
        for (String table : List.of("nodes", "edges")) {
            String[] ids = texts(table.equals("nodes") ? nodes : edges);
            String row = table.equals("nodes") ? "node_row" : "edge_row";
            // 9: versions without a gap, each begins after the one before
            assertThat(sql.rows(
                            "SELECT * FROM (SELECT id, version, lag(version) OVER w AS v, recorded_at, lag(recorded_at) OVER w AS r FROM history_"
                                    + table
                                    + " WHERE id = ANY (?::uuid[]) WINDOW w AS (PARTITION BY id ORDER BY recorded_at)) AS h WHERE version <> coalesce(v, 0) + 1 OR recorded_at <= r",
                            (Object) ids))
                    .as(seed)
                    .isEmpty();
            // 11: history ends with what is live, and the events say the same
            assertThat(sql.rows(
                            "SELECT t.id FROM " + table + " AS t WHERE t.id = ANY (?::uuid[]) AND " + row
                                    + "(t) IS DISTINCT FROM (SELECT h.row FROM history_" + table
                                    + " AS h WHERE h.id = t.id ORDER BY h.recorded_at DESC LIMIT 1)",
                            (Object) ids))
                    .as(seed)
                    .isEmpty();
            assertThat(sql.rows(
                            "SELECT coalesce(h.id, o.id), h.version, o.version FROM (SELECT * FROM history_" + table
                                    + " WHERE id = ANY (?::uuid[])) AS h FULL JOIN (SELECT key::uuid AS id, (payload->>'version')::integer AS version, payload->'row' AS row"
                                    + " FROM outbox WHERE id > ? AND key = ANY (?)) AS o"
                                    + " ON o.id = h.id AND o.version = h.version WHERE h.row IS DISTINCT FROM o.row",
                            ids,
                            before,
                            ids))
                    .as(seed)
                    .isEmpty();
        }
        // 10: what was known for good is still known
        for (Map.Entry<Timestamp, Object> sample : samples.entrySet()) {
            assertThat(knownAt(sql, sample.getKey()))
                    .as(seed + " as of " + sample.getKey())
                    .isEqualTo(sample.getValue());
        }
    }

    /** A question of both times, and what the versions say to it. */
    private record Question(
            UUID node,
            Timestamp known,
            Timestamp valid,
            @Nullable Integer expected) {}

    /** The rule of both times against a model that goes through the versions one by one. */
    private void believe(DirectSql sql, Random random, String seed) throws SQLException {
        Map<Object, List<List<Object>>> histories = new LinkedHashMap<>();
        sql.rows(
                        "SELECT recorded_at, valid_from, valid_to, version, id FROM history_nodes WHERE id = ANY (?::uuid[]) ORDER BY id, recorded_at",
                        (Object) texts(nodes))
                .forEach(version -> histories
                        .computeIfAbsent(version.getLast(), id -> new ArrayList<>())
                        .add(version));
        List<Question> questions = new ArrayList<>();
        for (UUID id : nodes) {
            List<List<Object>> versions = histories.getOrDefault(id, List.of());
            for (int i = 0; i < 4 && !versions.isEmpty(); i++) {
                Timestamp known = (Timestamp)
                        versions.get(random.nextInt(versions.size())).getFirst();
                Timestamp valid =
                        Timestamp.from(Instant.parse("2025-01-01T00:00:00Z").plusSeconds(86400L * random.nextInt(700)));
                questions.add(new Question(id, known, valid, expected(versions, known, valid)));
            }
        }
        List<List<Object>> answers = sql.rows(
                """
                SELECT (SELECT (n."row"->>'version')::integer FROM node_as_of(q.node, q.known, q.valid) AS n)
                  FROM unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[]) WITH ORDINALITY AS q(node, known, valid, place)
                 ORDER BY q.place""",
                questions.stream().map(q -> q.node().toString()).toArray(String[]::new),
                questions.stream().map(q -> q.known().toInstant().toString()).toArray(String[]::new),
                questions.stream().map(q -> q.valid().toInstant().toString()).toArray(String[]::new));
        assertThat(answers).as(seed).hasSameSizeAs(questions);
        for (int i = 0; i < questions.size(); i++) {
            assertThat(answers.get(i).getFirst())
                    .as(seed + " " + questions.get(i))
                    .isEqualTo(questions.get(i).expected());
        }
    }

    /** The version that was believed; null where nothing was. */
    private static @Nullable Integer expected(List<List<Object>> versions, Timestamp known, Timestamp valid) {
        Integer expected = null;
        Object from = null;
        int fact = 0;
        int owner = -1;
        for (List<Object> version : versions) {
            if (((Timestamp) version.getFirst()).after(known)) {
                break;
            }
            fact += version.get(1).equals(from) ? 0 : 1;
            from = version.get(1);
            if (!((Timestamp) from).after(valid)
                    && (version.get(2) == null || ((Timestamp) version.get(2)).after(valid))) {
                owner = fact;
                expected = (Integer) version.get(3);
            } else if (owner == fact) {
                owner = -1;
                expected = null;
            }
        }
        return expected;
    }

    private static UUID any(List<UUID> ids, Random random) {
        return ids.isEmpty() ? UUID.randomUUID() : ids.get(random.nextInt(ids.size()));
    }

    private static String day(Random random) {
        return Instant.parse("2025-01-01T00:00:00Z")
                .plusSeconds(86400L * random.nextInt(400))
                .toString();
    }

    private static String[] texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
