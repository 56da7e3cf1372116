package org.capitania.graph.timer;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** The stored due times. */
@ApplicationScoped
class TimerStore {
    static final int MOST_ATTEMPTS = 5;
    private static final int LONGEST_FAILURE = 500;

    private final Sql sql;

    TimerStore(Sql sql) {
        this.sql = sql;
    }

    /** The timers that are due and have not fired, the oldest first. By the database's clock, so that replicas agree. */
    List<Timer> due(Scope scope, int limit) {
        return sql.tx(scope, tx -> {
            List<Timer> all = new ArrayList<>();
            for (Row row : tx.query("""
                    SELECT kind, node_id, due_at FROM timers
                     -- Asked for once, the clock bounds what is read of the index; what is due later is not looked at.
                     WHERE fired_at IS NULL AND coalesce(retry_at, due_at) <= (SELECT clock_timestamp()) AND attempts < $1
                     ORDER BY coalesce(retry_at, due_at), kind, node_id LIMIT $2
                    """, MOST_ATTEMPTS, (long) limit)) {
                all.add(new Timer(
                        Timer.Kind.of(row.getString("kind")), row.getUUID("node_id"), Times.instant(row, "due_at")));
            }
            return all;
        });
    }

    /** Takes a due timer and its node for this transaction; empty when another has it, has fired it, or it was put off meanwhile. */
    static Optional<Row> claim(Tx tx, Timer timer) {
        // The node first: whoever changes a node arms its timers after it.
        Optional<Row> node = tx.one("""
                SELECT id, type, slug, status, props::text AS props, external_source, external_id
                  FROM nodes WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED
                """, timer.node());
        return node.isPresent()
                        && tx.one("""
                                        SELECT 1 AS one FROM timers
                                         WHERE kind = $1 AND node_id = $2 AND due_at = $3 AND fired_at IS NULL FOR UPDATE SKIP LOCKED
                                        """, timer.kind().wireName, timer.node(), Times.db(timer.dueAt()))
                                .isPresent()
                ? node
                : Optional.empty();
    }

    /**
     * When a node told that its time had come, where it did. To be asked by whoever holds the node, in a statement of its own: the one that
     * waited for the node still sees the timers as they were before the wait, and with them one that another replica has just fired.
     */
    static Optional<OffsetDateTime> told(Tx tx, UUID node) {
        return tx.one("""
                        SELECT fired_at FROM timers
                         WHERE node_id = $1 AND kind IN ('interaction.overdue', 'obligation.due') AND fired_at IS NOT NULL
                        """, node).map(row -> row.getOffsetDateTime("fired_at"));
    }

    static void fired(Tx tx, Timer timer) {
        tx.execute(
                "UPDATE timers SET fired_at = clock_timestamp(), failure = NULL WHERE kind = $1 AND node_id = $2",
                timer.kind().wireName,
                timer.node());
    }

    /** Puts a timer off whose effect failed; returns how often it has failed. */
    int failed(Scope scope, Timer timer, RuntimeException failure) {
        String text = String.valueOf(failure);
        return sql.tx(
                scope,
                tx -> tx.one(
                                """
                        UPDATE timers SET attempts = attempts + 1, failure = $3,
                               retry_at = clock_timestamp() + make_interval(secs => 5 * power(4, attempts))
                         WHERE kind = $1 AND node_id = $2 AND fired_at IS NULL RETURNING attempts
                        """,
                                timer.kind().wireName,
                                timer.node(),
                                text.substring(0, Math.min(text.length(), LONGEST_FAILURE)))
                        .map(row -> row.getInteger("attempts"))
                        .orElse(0));
    }
}
