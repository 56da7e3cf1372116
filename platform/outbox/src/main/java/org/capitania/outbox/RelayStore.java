package org.capitania.outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The relay's one connection, as the role {@code <schema>_relay}: leadership, rows by snapshot difference, position. */
final class RelayStore implements AutoCloseable {
    /** Finished up to here: every row visible in {@code snapshot}. */
    record Position(String snapshot, long lastId) {}

    /** Where one partition stands after an acknowledged send. */
    record Progress(String topic, int partition, String topicUuid, long nextOffset, long outboxId) {
        /** Where it stands after both; ids do not come in order, since transactions do not commit in the order in which they took them. */
        Progress and(Progress later) {
            return topicUuid.equals(later.topicUuid())
                    ? new Progress(
                            topic,
                            partition,
                            topicUuid,
                            Math.max(nextOffset, later.nextOffset()),
                            Math.max(outboxId, later.outboxId()))
                    : later;
        }
    }

    /** Rows of one look, with the snapshot in which they are all that is new, unless there are more. */
    record Page(String snapshot, List<OutboxRow> rows) {}

    /**
     * Rows committed since a snapshot, above an id, at most so many unless NULL, in the order of their ids. Read in one statement, so that its
     * snapshot is the one it returns: what it sees is what is visible in that one. Both parts go by the index on xid: with one condition for
     * both, and the order of ids to choose for, the planner may read the outbox from its first row at each look.
     */
    private static final String NEW_ROWS = """
            SELECT pg_current_snapshot()::text AS now, o.id, o.tenant_id, o.topic, o.key, o.payload::text AS payload,
                   o.headers::text AS headers, o.created_at
              FROM (SELECT 1) AS one
              LEFT JOIN LATERAL (
                   SELECT * FROM (
                       (SELECT * FROM outbox AS r
                         WHERE r.xid >= pg_snapshot_xmax($1::text::pg_snapshot) AND r.id > $2
                         ORDER BY r.xid LIMIT $3)
                       UNION ALL
                       SELECT s.* FROM pg_snapshot_xip($1::text::pg_snapshot) AS was(open)
                        CROSS JOIN LATERAL (SELECT * FROM outbox AS r WHERE r.xid = was.open AND r.id > $2 ORDER BY r.xid LIMIT $3) AS s) AS n
                    ORDER BY n.id
                    LIMIT $3) AS o ON true
             ORDER BY o.id
            """;

    /** How many rows a position has not seen, and between which ids they lie. */
    private static final String EXTENT = """
            SELECT pg_current_snapshot()::text AS now, count(*) AS rows, coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last,
                   coalesce(max(id) - min(id), 0) AS span
              FROM outbox
             WHERE (xid >= pg_snapshot_xmax($1::text::pg_snapshot)
                    OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
               AND id > $2
            """;

    /** The same rows as {@link #NEW_ROWS} finds, read in the order of their ids instead of sorted, which takes half the time. */
    private static final String ROWS_BETWEEN = """
            SELECT id, tenant_id, topic, key, payload::text AS payload, headers::text AS headers, created_at
              FROM outbox
             WHERE id BETWEEN $2 AND $3
               AND (xid >= (SELECT pg_snapshot_xmax($1::text::pg_snapshot))
                    OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
             ORDER BY id
            """;

    /** Where fewer of the ids are new, it is cheaper to sort those than to pass by the others. */
    private static final int DENSE = 10;

    private static final String ROWS_AFTER = """
            SELECT id, tenant_id, topic, key, payload::text AS payload, headers::text AS headers, created_at
              FROM outbox WHERE id > $1 AND headers->>'kafka_topic' = $2 ORDER BY id LIMIT $3
            """;

    private static final String PARKED_AFTER = """
            SELECT o.id, o.tenant_id, o.topic, o.key, o.payload::text AS payload, o.headers::text AS headers, o.created_at
              FROM outbox_parked AS p JOIN outbox AS o ON o.id = p.outbox_id
             WHERE p.outbox_id > $1 AND p.kafka_topic = $2 ORDER BY p.outbox_id LIMIT $3
            """;

    private static final String SAVE_PROGRESS = """
            INSERT INTO relay_progress (topic, partition, topic_uuid, next_offset, outbox_id)
            SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[])
            ON CONFLICT (tenant_id, topic, partition) DO UPDATE
               SET topic_uuid = EXCLUDED.topic_uuid, next_offset = EXCLUDED.next_offset, outbox_id = greatest(relay_progress.outbox_id, EXCLUDED.outbox_id),
                   updated_at = clock_timestamp()
            """;

    private static final String MOVE = """
            WITH moved AS (
                UPDATE relay_position SET snapshot = $6, last_id = greatest(last_id, $7), updated_at = clock_timestamp())
            """ + SAVE_PROGRESS;

    private final PgConnection connection;
    private Future<?> saving = Future.succeededFuture();

    private RelayStore(PgConnection connection) {
        this.connection = connection;
    }

    static RelayStore connect(Vertx vertx, PgConnectOptions options) {
        return new RelayStore(await(PgConnection.connect(vertx, options)));
    }

    /** Whether this connection now holds the schema's relay; it keeps it until it closes. */
    boolean lead(String schema) {
        return query("SELECT pg_try_advisory_lock(hashtext('capitania relay'), hashtext($1)) AS leads", schema)
                .iterator()
                .next()
                .getBoolean("leads");
    }

    Position position() {
        Row row =
                query("SELECT snapshot, last_id FROM relay_position").iterator().next();
        return new Position(row.getString("snapshot"), row.getLong("last_id"));
    }

    /** Whether a stored snapshot lies in the future of this database: it was restored into a new cluster. */
    boolean fromAnotherCluster(Position position) {
        return query(
                        "SELECT pg_snapshot_xmax($1::text::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AS ahead",
                        position.snapshot())
                .iterator()
                .next()
                .getBoolean("ahead");
    }

    /** Rows that the position has not seen, above an id, at most {@code limit}. */
    Page after(Position position, long afterId, int limit) {
        String now = position.snapshot();
        List<OutboxRow> rows = new ArrayList<>();
        for (Row row : query(NEW_ROWS, position.snapshot(), afterId, limit)) {
            now = row.getString("now");
            if (row.getLong("id") != null) {
                rows.add(OutboxRow.of(row));
            }
        }
        await(saving);
        return new Page(now, rows);
    }

    /** Keeps in mind rows that the position passes without having been sent; once each, whatever a crash repeats. */
    void park(List<OutboxRow> rows, String error) {
        query(
                """
                INSERT INTO outbox_parked (outbox_id, tenant_id, kafka_topic, error)
                SELECT r.id, r.tenant, r.topic, $4 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r(id, tenant, topic)
                ON CONFLICT (tenant_id, outbox_id) DO NOTHING
                """,
                rows.stream().map(OutboxRow::id).toArray(Long[]::new),
                rows.stream().map(OutboxRow::tenant).toArray(String[]::new),
                rows.stream().map(OutboxRow::kafkaTopic).toArray(String[]::new),
                error);
    }

    long parked() {
        return query("SELECT count(*) AS parked FROM outbox_parked")
                .iterator()
                .next()
                .getLong("parked");
    }

    List<String> parkedTopics() {
        List<String> topics = new ArrayList<>();
        query("SELECT DISTINCT kafka_topic FROM outbox_parked")
                .forEach(row -> topics.add(row.getString("kafka_topic")));
        return topics;
    }

    /** What is parked of a topic, above an id, in the order of the ids. */
    List<OutboxRow> parkedRows(String kafkaTopic, long afterId, int limit) {
        List<OutboxRow> rows = new ArrayList<>();
        query(PARKED_AFTER, afterId, kafkaTopic, limit).forEach(row -> rows.add(OutboxRow.of(row)));
        return rows;
    }

    void unpark(String kafkaTopic) {
        query("DELETE FROM outbox_parked WHERE kafka_topic = $1", kafkaTopic);
    }

    /** All retained rows of a Kafka topic above an id, for healing a broker that lost them. */
    List<OutboxRow> rowsOf(String kafkaTopic, long afterId, int limit) {
        List<OutboxRow> rows = new ArrayList<>();
        query(ROWS_AFTER, afterId, kafkaTopic, limit).forEach(row -> rows.add(OutboxRow.of(row)));
        return rows;
    }

    List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        query(
                        "SELECT topic, partition, topic_uuid, next_offset, outbox_id FROM relay_progress ORDER BY topic, partition")
                .forEach(row -> all.add(new Progress(
                        row.getString("topic"),
                        row.getInteger("partition"),
                        row.getString("topic_uuid"),
                        row.getLong("next_offset"),
                        row.getLong("outbox_id"))));
        return all;
    }

    /**
     * Moves the position and what came of it, together: after a crash both are of the same moment. Does not wait; the next look fails when
     * this did.
     */
    void save(Position position, Collection<Progress> progress) {
        // One that failed must not be forgotten over the next: it has told of partitions that the next does not.
        await(saving);
        Tuple tuple = columns(progress).addString(position.snapshot()).addLong(position.lastId());
        saving = connection.preparedQuery(MOVE).execute(tuple);
    }

    void save(Collection<Progress> progress) {
        if (!progress.isEmpty()) {
            query(SAVE_PROGRESS, columns(progress));
        }
    }

    private static Tuple columns(Collection<Progress> progress) {
        return Tuple.of(
                progress.stream().map(Progress::topic).toArray(String[]::new),
                progress.stream().map(Progress::partition).toArray(Integer[]::new),
                progress.stream().map(Progress::topicUuid).toArray(String[]::new),
                progress.stream().map(Progress::nextOffset).toArray(Long[]::new),
                progress.stream().map(Progress::outboxId).toArray(Long[]::new));
    }

    /** All rows that a position has not seen, in one snapshot and in the order of their ids, in pages; to be closed. */
    Backlog backlog(Position position, long afterId, int page) {
        // Planned for how much it is and where it lies, unlike a look.
        query("""
                BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = on; SET LOCAL enable_bitmapscan = on""");
        Row extent = query(EXTENT, position.snapshot(), afterId).iterator().next();
        boolean dense = extent.getLong("span") <= DENSE * extent.getLong("rows");
        Tuple tuple = dense
                ? Tuple.of(position.snapshot(), extent.getLong("first"), extent.getLong("last"))
                : Tuple.of(position.snapshot(), afterId, null);
        PreparedStatement rows = await(connection.prepare(dense ? ROWS_BETWEEN : NEW_ROWS));
        return new Backlog(extent.getString("now"), rows, rows.cursor(tuple), page);
    }

    /** Rows of one snapshot, found once; the next page is on its way while one is worked on. */
    final class Backlog implements AutoCloseable {
        private final String snapshot;
        private final PreparedStatement statement;
        private final Cursor cursor;
        private final int page;
        private @Nullable Future<RowSet<Row>> ahead;

        private Backlog(String snapshot, PreparedStatement statement, Cursor cursor, int page) {
            this.snapshot = snapshot;
            this.statement = statement;
            this.cursor = cursor;
            this.page = page;
            this.ahead = cursor.read(page);
        }

        String snapshot() {
            return snapshot;
        }

        /** The next page; empty at the end. */
        List<OutboxRow> next() {
            List<OutboxRow> rows = new ArrayList<>();
            if (ahead != null) {
                RowSet<Row> read = await(ahead);
                ahead = cursor.hasMore() ? cursor.read(page) : null;
                for (Row row : read) {
                    if (row.getLong("id") != null) {
                        rows.add(OutboxRow.of(row));
                    }
                }
            }
            return rows;
        }

        @Override
        public void close() {
            if (ahead != null) {
                await(ahead);
            }
            await(cursor.close());
            await(statement.close());
            query("COMMIT");
        }
    }

    /**
     * Deletes at most {@code page} rows of either table that are older than their keep, and only those that were published; returns how many
     * it found in the fuller one.
     */
    int expire(Position position, Instant now, Duration keep, Duration keepInbox, int page) {
        int rows = query("""
                        DELETE FROM outbox WHERE id IN (
                            SELECT id FROM outbox
                             WHERE created_at < $1 AND pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
                               AND NOT EXISTS (SELECT 1 FROM outbox_parked AS p WHERE p.tenant_id = outbox.tenant_id AND p.outbox_id = outbox.id)
                             ORDER BY created_at LIMIT $3)
                        """, now.minus(keep).atOffset(ZoneOffset.UTC), position.snapshot(), page)
                .rowCount();
        int handled =
                query("""
                        DELETE FROM inbox WHERE ctid = ANY (ARRAY(
                            SELECT ctid FROM inbox WHERE handled_at < $1 ORDER BY handled_at LIMIT $2))
                        """, now.minus(keepInbox).atOffset(ZoneOffset.UTC), page).rowCount();
        return Math.max(rows, handled);
    }

    private RowSet<Row> query(String sql, @Nullable Object... args) {
        if (args.length == 0) {
            return await(connection.query(sql).execute());
        }
        return query(sql, Tuple.wrap(args));
    }

    private RowSet<Row> query(String sql, Tuple args) {
        return await(connection.preparedQuery(sql).execute(args));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RelayException("interrupted", e);
        } catch (ExecutionException e) {
            throw new RelayException("the outbox cannot be read", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new RelayException("the store did not answer for a minute", e);
        }
    }

    @Override
    public void close() {
        var unused = saving.onComplete(saved -> connection.close());
    }
}
