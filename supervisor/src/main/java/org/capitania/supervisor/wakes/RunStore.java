package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The rows of the runs. Its callers hold the lock of the role. */
@ApplicationScoped
class RunStore {

    Run get(Tx tx, UUID runId) {
        return tx.one("SELECT " + Run.COLUMNS + " FROM runs WHERE run_id = $1", runId)
                .map(Run::of)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no run " + runId));
    }

    void begin(Tx tx, Wake.Head head, Wake.Run run) {
        tx.put(
                "INSERT INTO runs (run_id, wake_id, role, fence, attempt) VALUES ($1, $2, $3, $4, $5)",
                run.runId(),
                head.wakeId(),
                head.role(),
                run.fence(),
                head.attempt() + 1);
    }

    void published(Tx tx, UUID runId) {
        tx.put("UPDATE runs SET state = 'published' WHERE run_id = $1", runId);
    }

    void claimed(Tx tx, UUID runId, String instance) {
        tx.put("""
                UPDATE runs SET state = 'running', instance = $2, claimed_at = clock_timestamp(), progress_at = clock_timestamp(),
                    last_heartbeat_at = clock_timestamp()
                WHERE run_id = $1
                """, runId, instance);
    }

    void heartbeat(Tx tx, UUID runId, @Nullable Long steps) {
        tx.put("""
                UPDATE runs SET last_heartbeat_at = clock_timestamp(), steps = GREATEST(steps, coalesce($2, steps)),
                    progress_at = CASE WHEN coalesce($2, steps) > steps THEN clock_timestamp() ELSE progress_at END
                WHERE run_id = $1
                """, runId, steps);
    }

    void end(Tx tx, UUID runId, String state, String reason) {
        tx.put(
                "UPDATE runs SET state = $2, reason = $3, ended_at = clock_timestamp() WHERE run_id = $1",
                runId,
                state,
                reason);
    }

    /** Notes for every run that is under way, of one role or of all, that autonomy was thawed or a cap raised meanwhile. */
    void thawed(Tx tx, @Nullable String role) {
        tx.put(
                "UPDATE runs SET thawed = true WHERE ended_at IS NULL AND NOT thawed AND ($1::text IS NULL OR role = $1)",
                role);
    }

    /** Whether autonomy was thawed or a cap raised while the run was under way: what held it back is no more. */
    boolean thawedMeanwhile(Tx tx, UUID runId) {
        return tx.one("SELECT 1 FROM runs WHERE run_id = $1 AND thawed", runId).isPresent();
    }

    /** The first wish to stop a run is kept; a person's wins over the watchdog's. */
    void requestStop(Tx tx, UUID runId, String by, String why, boolean fault) {
        tx.put("""
                UPDATE runs SET stop_requested = $2, stop_by = $3, stop_is_a_fault = $4, stop_at = coalesce(stop_at, clock_timestamp())
                WHERE run_id = $1 AND state = 'running' AND (stop_requested IS NULL OR stop_is_a_fault AND NOT $4)
                """, runId, why, by, fault);
    }
}
