package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/**
 * The lease of a role: one row, a fence that only rises, an end by the clock of the database. Every statement decides by itself, so that
 * it is right without any lock as well.
 */
@ApplicationScoped
class Leases {

    /** Takes the lease if it is free or has run out; answers the new fence. */
    Optional<Long> acquire(Tx tx, String role, UUID runId, Duration length) {
        return tx.one("""
                        UPDATE leases SET fence = fence + 1, run_id = $2, expires_at = clock_timestamp() + ($3 * interval '1 millisecond')
                        WHERE role = $1 AND (run_id IS NULL OR expires_at <= clock_timestamp())
                        RETURNING fence
                        """, role, runId, length.toMillis()).map(row -> row.getLong("fence"));
    }

    /**
     * Renews the lease for the run that has it; empty when another has, or none. A lease that ran out and that nobody has taken since is
     * still the run's: it has done no harm, and the fence guards the rest.
     */
    Optional<Instant> renew(Tx tx, String role, Wake.Run run, Duration length) {
        return tx.one("""
                        UPDATE leases SET expires_at = GREATEST(expires_at, clock_timestamp() + ($4 * interval '1 millisecond'))
                        WHERE role = $1 AND run_id = $2 AND fence = $3
                        RETURNING expires_at
                        """, role, run.runId(), run.fence(), length.toMillis())
                .map(row -> Times.instant(row, "expires_at"));
    }

    /** Gives the lease back; false when the run did not have it any more. */
    boolean release(Tx tx, String role, Wake.Run run) {
        return tx.execute(
                        "UPDATE leases SET run_id = NULL, expires_at = NULL WHERE role = $1 AND run_id = $2 AND fence = $3",
                        role,
                        run.runId(),
                        run.fence())
                == 1;
    }

    /** Raises the fence far above whatever the gateway has seen: it knows of runs that this store, after a restore, does not. */
    void leap(Tx tx, String role) {
        tx.execute("UPDATE leases SET fence = fence + 1000 WHERE role = $1", role);
    }

    /** The current fence, and whether the run with that id has the lease. */
    Holder holder(Tx tx, String role) {
        var row = tx.query(
                        "SELECT fence, run_id, expires_at <= clock_timestamp() AS over FROM leases WHERE role = $1",
                        role)
                .iterator()
                .next();
        return new Holder(
                row.getLong("fence"),
                Optional.ofNullable(row.getUUID("run_id")),
                Boolean.TRUE.equals(row.getBoolean("over")));
    }

    /** Leases of the tenant that are held. */
    int held(Tx tx) {
        return tx.query(
                        "SELECT count(*)::int AS n FROM leases WHERE run_id IS NOT NULL AND expires_at > clock_timestamp()")
                .iterator()
                .next()
                .getInteger("n");
    }

    /**
     * Who has a lease.
     *
     * @param over whether it has run out
     */
    record Holder(long fence, Optional<UUID> runId, boolean over) {
        boolean is(Wake.Run run) {
            return fence == run.fence() && runId.filter(run.runId()::equals).isPresent();
        }
    }
}
