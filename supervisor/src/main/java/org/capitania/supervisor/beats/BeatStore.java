package org.capitania.supervisor.beats;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The rows of the beats and of their firings. */
@ApplicationScoped
class BeatStore {
    /**
     * A beat as stored.
     *
     * @param nextDueAt null while it is off
     */
    record Stored(
            String name,
            String cron,
            ZoneId zone,
            @Nullable Instant nextDueAt,
            @Nullable Instant lastDueAt,
            @Nullable Instant lastFiredAt) {

        static Stored of(Row row) {
            return new Stored(
                    row.getString("name"),
                    row.getString("cron"),
                    ZoneId.of(row.getString("zone")),
                    Times.instantOrNull(row, "next_due_at"),
                    Times.instantOrNull(row, "last_due_at"),
                    Times.instantOrNull(row, "last_fired_at"));
        }
    }

    private static final String SELECT = "SELECT name, cron, zone, next_due_at, last_due_at, last_fired_at FROM beats ";

    Map<String, Stored> all(Tx tx) {
        Map<String, Stored> all = new HashMap<>();
        tx.query(SELECT).forEach(row -> all.put(row.getString("name"), Stored.of(row)));
        return all;
    }

    /** Stores a schedule that is new or has changed. Whoever comes second finds it stored. */
    void plan(Tx tx, String name, String cron, ZoneId zone, @Nullable Instant nextDueAt) {
        tx.execute("""
                INSERT INTO beats (name, cron, zone, next_due_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant_id, name) DO UPDATE
                   SET cron = excluded.cron, zone = excluded.zone, next_due_at = excluded.next_due_at
                 WHERE beats.cron <> excluded.cron OR beats.zone <> excluded.zone
                """, name, cron, zone.getId(), nextDueAt == null ? null : Times.db(nextDueAt));
    }

    /** Beats whose time has come and that nobody else is at, locked until the transaction ends. */
    List<Stored> due(Tx tx) {
        List<Stored> due = new ArrayList<>();
        tx.query(SELECT + "WHERE next_due_at <= clock_timestamp() ORDER BY next_due_at, name FOR UPDATE SKIP LOCKED")
                .forEach(row -> due.add(Stored.of(row)));
        return due;
    }

    /** Whether the time of any has come. */
    boolean anyDue(Tx tx) {
        return tx.one("SELECT 1 AS one FROM beats WHERE next_due_at <= clock_timestamp() LIMIT 1")
                .isPresent();
    }

    Optional<Stored> lock(Tx tx, String name) {
        return tx.one(SELECT + "WHERE name = $1 FOR UPDATE", name).map(Stored::of);
    }

    void next(Tx tx, String name, Instant nextDueAt) {
        tx.execute("UPDATE beats SET next_due_at = $2 WHERE name = $1", name, Times.db(nextDueAt));
    }

    /** Notes what became of a due time; false when that was done before. */
    boolean note(Tx tx, String name, Instant dueAt, int missed, String outcome) {
        boolean news = tx.execute(
                        """
                        INSERT INTO beat_firings (name, due_at, missed, outcome, by_whom) VALUES ($1, $2, $3, $4, $5)
                        ON CONFLICT DO NOTHING
                        """, name, Times.db(dueAt), missed, outcome, tx.scope().actor())
                == 1;
        if (news && !outcome.equals("skipped")) {
            tx.execute(
                    "UPDATE beats SET last_due_at = $2, last_fired_at = clock_timestamp() WHERE name = $1",
                    name,
                    Times.db(dueAt));
        }
        return news;
    }

    /** Whether any event has come in since then that is neither a beat nor what agents did because of one. */
    boolean anyNews(Tx tx, Instant since) {
        return tx.one("SELECT 1 AS one FROM routed_events WHERE at > $1 AND NOT of_beat LIMIT 1", Times.db(since))
                .isPresent();
    }

    void forget(Tx tx, Duration age) {
        tx.execute(
                "DELETE FROM beat_firings WHERE at < clock_timestamp() - ($1 * interval '1 millisecond')",
                age.toMillis());
    }

    /** The time of the database, by which beats are due. */
    Instant now(Tx tx) {
        return Times.instant(
                tx.query("SELECT clock_timestamp() AS now").iterator().next(), "now");
    }
}
