package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** The rows of the wakes. Its callers hold the lock of the role. */
@ApplicationScoped
class WakeStore {
    private static final String SELECT =
            "SELECT wake_id, role, state, reason, held_reason, attempt, run_id, fence, not_before FROM wakes ";

    private final Ids ids;

    WakeStore(Ids ids) {
        this.ids = ids;
    }

    /** The time of the database, which alone decides about leases. */
    Instant now(Tx tx) {
        return askNow(tx).get();
    }

    /** The same, asked for now; the answer waits. */
    Supplier<Instant> askNow(Tx tx) {
        Supplier<Optional<Row>> asked = tx.ask("SELECT clock_timestamp() AS now");
        return () -> Times.instant(asked.get().orElseThrow(), "now");
    }

    Optional<Wake.Active> active(Tx tx, String role) {
        return askActive(tx, role).get();
    }

    /** The same, asked for now; the answer waits. */
    Supplier<Optional<Wake.Active>> askActive(Tx tx, String role) {
        Supplier<Optional<Row>> asked =
                tx.ask(SELECT + "WHERE role = $1 AND state IN ('open', 'fenced', 'published', 'running')", role);
        return () -> asked.get().map(WakeStore::wake).map(Wake.Active.class::cast);
    }

    Wake get(Tx tx, UUID wakeId) {
        return tx.one(SELECT + "WHERE wake_id = $1", wakeId)
                .map(WakeStore::wake)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no wake " + wakeId));
    }

    /** The role of a wake; read without a lock, it never changes. */
    String role(Tx tx, UUID wakeId) {
        return get(tx, wakeId).head().role();
    }

    /** The latest wake of the role if it is done and was opened less than {@code within} ago. */
    Optional<Wake.Done> justDone(Tx tx, String role, Duration within) {
        return tx.one(SELECT + """
                                WHERE role = $1 AND state = 'done' AND opened_at > clock_timestamp() - ($2 * interval '1 millisecond')
                                ORDER BY opened_at DESC LIMIT 1
                                """, role, within.toMillis())
                .map(WakeStore::wake)
                .map(Wake.Done.class::cast);
    }

    /** Whether the wake was opened less than {@code within} ago. */
    boolean isYoung(Tx tx, UUID wakeId, Duration within) {
        return tx.one(
                        "SELECT 1 FROM wakes WHERE wake_id = $1 AND opened_at > clock_timestamp() - ($2 * interval '1 millisecond')",
                        wakeId,
                        within.toMillis())
                .isPresent();
    }

    Wake.Open open(Tx tx, String role, String reason, Instant notBefore) {
        UUID id = ids.v7();
        tx.put(
                "INSERT INTO wakes (wake_id, role, state, reason, not_before) VALUES ($1, $2, 'open', $3, $4)",
                id,
                role,
                reason,
                Times.db(notBefore));
        return new Wake.Open(new Wake.Head(id, role, reason, 0), notBefore, null);
    }

    <W extends Wake> W save(Tx tx, W wake) {
        switch ((Wake) wake) {
            case Wake.Open(Wake.Head head, Instant notBefore, String held) ->
                tx.put("""
                        UPDATE wakes SET state = 'open', attempt = $2, run_id = NULL, fence = NULL, not_before = $3, held_reason = $4, ended_at = NULL
                        WHERE wake_id = $1
                        """, head.wakeId(), head.attempt(), Times.db(notBefore), held);
            case Wake.Fenced(Wake.Head head, Wake.Run run) -> inRun(tx, "fenced", head, run);
            case Wake.Published(Wake.Head head, Wake.Run run) -> inRun(tx, "published", head, run);
            case Wake.Running(Wake.Head head, Wake.Run run) -> inRun(tx, "running", head, run);
            case Wake.Done(Wake.Head head, Wake.Run run) -> over(tx, "done", head, run);
            case Wake.Failed(Wake.Head head, Wake.Run run) -> over(tx, "failed", head, run);
        }
        return wake;
    }

    private static void inRun(Tx tx, String state, Wake.Head head, Wake.Run run) {
        tx.put("""
                UPDATE wakes SET state = $2, attempt = $3, reason = $4, run_id = $5, fence = $6, not_before = NULL, held_reason = NULL
                WHERE wake_id = $1
                """, head.wakeId(), state, head.attempt(), head.reason(), run.runId(), run.fence());
    }

    private static void over(Tx tx, String state, Wake.Head head, Wake.Run run) {
        tx.put("""
                UPDATE wakes SET state = $2, run_id = $3, fence = $4, not_before = NULL, held_reason = NULL, ended_at = clock_timestamp()
                WHERE wake_id = $1
                """, head.wakeId(), state, run.runId(), run.fence());
    }

    private static Wake wake(Row row) {
        Wake.Head head = new Wake.Head(
                row.getUUID("wake_id"), row.getString("role"), row.getString("reason"), row.getInteger("attempt"));
        String state = row.getString("state");
        if (state.equals("open")) {
            return new Wake.Open(head, Times.instant(row, "not_before"), row.getString("held_reason"));
        }
        Wake.Run run = new Wake.Run(row.getUUID("run_id"), row.getLong("fence"));
        return switch (state) {
            case "fenced" -> new Wake.Fenced(head, run);
            case "published" -> new Wake.Published(head, run);
            case "running" -> new Wake.Running(head, run);
            case "done" -> new Wake.Done(head, run);
            default -> new Wake.Failed(head, run);
        };
    }
}
