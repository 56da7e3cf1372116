package org.capitania.registry.autonomy;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.AutonomyView.Freeze;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code freezes}. A change asks under a shared lock that a new freeze takes alone: once a freeze is answered, no INTENT that had not
 * seen it can still be committed.
 */
@ApplicationScoped
public class Freezes {
    /** What an agent is told to do about a freeze. */
    public static final String HINT = "stop here and end your task; only the owner thaws autonomy: hq autonomy thaw";

    private static final String LOCK = "(hashtextextended(current_tenant() || ':autonomy', 90))";
    private static final String STANDING = """
            SELECT freeze_id, reason, frozen_by, frozen_at, until FROM freezes
             WHERE thawed_at IS NULL AND (until IS NULL OR until > clock_timestamp()) ORDER BY frozen_at DESC, freeze_id
            """;

    /** A sentence with the reason, when a change may not begin; whoever asks has the answer until this transaction ends. */
    public Optional<String> stop(Tx tx) {
        return ask(tx).get();
    }

    /** The same, sent now; the answer waits. */
    public Supplier<Optional<String>> ask(Tx tx) {
        // Run one after the other: the second sees what the first has waited for.
        tx.put("SELECT pg_advisory_xact_lock_shared" + LOCK);
        Future<RowSet<Row>> asked = tx.send(STANDING);
        return () -> {
            List<Freeze> standing = read(tx.await(asked));
            return standing.isEmpty() ? Optional.empty() : Optional.of(sentence(standing));
        };
    }

    /** Throws when a change may not begin. */
    public void requireThawed(Tx tx) {
        stop(tx).ifPresent(why -> {
            throw new CapitaniaException(ErrorCode.AUTONOMY_FROZEN, why).withHint(HINT);
        });
    }

    /** The freezes that stand by the database's clock, the newest first. */
    public List<Freeze> standing(Tx tx) {
        return read(tx.query(STANDING));
    }

    private static List<Freeze> read(RowSet<Row> rows) {
        List<Freeze> all = new ArrayList<>();
        rows.forEach(row -> all.add(read(row)));
        return all;
    }

    /** Why agents change nothing at present. */
    static String sentence(List<Freeze> standing) {
        Freeze newest = standing.getFirst();
        String end = standing.stream().anyMatch(f -> f.until() == null)
                ? "the owner thaws it"
                : standing.stream()
                        .map(Freeze::until)
                        .filter(java.util.Objects::nonNull)
                        .max(Instant::compareTo)
                        .orElseThrow()
                        .toString();
        return "autonomy is frozen by " + newest.by() + " since " + newest.since() + " until " + end + ": "
                + newest.reason();
    }

    /** Lets a freeze stand; waits for every INTENT that is just being written. The same id again is the freeze it was. */
    boolean freeze(Tx tx, String id, String reason, String by, @Nullable Instant until) {
        tx.query("SELECT pg_advisory_xact_lock" + LOCK);
        return tx.execute("""
                        INSERT INTO freezes (freeze_id, reason, frozen_by, until) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                        """, id, reason, by, until == null ? null : Times.db(until)) == 1;
    }

    /** Ends every freeze that was not ended before; the ids of those that stood. */
    List<String> thaw(Tx tx, String by, @Nullable String reason) {
        return ended(tx, "SELECT freeze_id FROM freezes WHERE thawed_at IS NULL FOR UPDATE", by, reason);
    }

    /** Ends those whose time has come. */
    List<String> expire(Tx tx, String by, String reason) {
        return ended(
                tx,
                "SELECT freeze_id FROM freezes WHERE thawed_at IS NULL AND until <= clock_timestamp() FOR UPDATE",
                by,
                reason);
    }

    /** Whether the database's clock has passed this moment. */
    boolean past(Tx tx, Instant moment) {
        return tx.one("SELECT $1::timestamptz <= clock_timestamp() AS past", Times.db(moment))
                .map(row -> row.getBoolean("past"))
                .orElseThrow();
    }

    private static List<String> ended(Tx tx, String which, String by, @Nullable String reason) {
        List<String> ids = new ArrayList<>();
        tx.query(which).forEach(row -> ids.add(row.getString("freeze_id")));
        ids.forEach(id -> tx.execute(
                "UPDATE freezes SET thawed_at = clock_timestamp(), thawed_by = $2, thaw_reason = $3 WHERE freeze_id = $1",
                id,
                by,
                reason));
        return ids;
    }

    private static Freeze read(Row row) {
        return new Freeze(
                row.getString("freeze_id"),
                row.getString("reason"),
                row.getString("frozen_by"),
                Times.instant(row, "frozen_at"),
                Times.instantOrNull(row, "until"));
    }
}
