package org.capitania.supervisor.presence;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.AgentView.LastRun;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.RosterConfig;
import org.jspecify.annotations.Nullable;

/** What the rows of runs and tasks say about each role. */
@ApplicationScoped
public class PresenceStore {
    private final RosterConfig config;

    PresenceStore(RosterConfig config) {
        this.config = config;
    }

    /**
     * The work of a role.
     *
     * @param atWork a run has been claimed and is not over
     * @param justEnded its last run ended less than the cooldown ago
     * @param queued events that no run has taken yet
     * @param held why its wake does not go on now
     */
    public record Work(
            boolean atWork,
            boolean justEnded,
            int queued,
            @Nullable String held,
            @Nullable LastRun lastRun) {
        public static final Work NONE = new Work(false, false, 0, null, null);
    }

    /** By role; a role without an entry has had no work. */
    public Map<String, Work> work(Tx tx) {
        Map<String, Work> work = new HashMap<>();
        for (Row row : tx.query("""
                SELECT a.role, r.run_id, r.state, r.created_at, r.ended_at,
                       (SELECT w.held_reason FROM wakes w WHERE w.tenant_id = a.tenant_id AND w.role = a.role AND w.state = 'open') AS held,
                       EXISTS (SELECT 1 FROM wakes w WHERE w.tenant_id = a.tenant_id AND w.role = a.role AND w.state = 'running') AS at_work,
                       coalesce(r.claimed_at IS NOT NULL AND r.ended_at > clock_timestamp() - ($1 * interval '1 millisecond'), false) AS just_ended,
                       (SELECT count(*)::int FROM tasks t JOIN task_events e ON e.tenant_id = t.tenant_id AND e.task_id = t.task_id
                        WHERE t.tenant_id = a.tenant_id AND t.role = a.role
                          AND (t.state = 'queued' OR (t.state = 'running' AND e.taken_run_id IS DISTINCT FROM t.run_id))) AS queued
                FROM agents a LEFT JOIN LATERAL (
                    SELECT run_id, state, created_at, claimed_at, ended_at FROM runs
                    WHERE tenant_id = a.tenant_id AND role = a.role ORDER BY created_at DESC LIMIT 1) r ON true
                """, config.cooldown().toMillis())) {
            work.put(
                    row.getString("role"),
                    new Work(
                            row.getBoolean("at_work"),
                            row.getBoolean("just_ended"),
                            row.getInteger("queued"),
                            row.getString("held"),
                            lastRun(row)));
        }
        return work;
    }

    private static @Nullable LastRun lastRun(Row row) {
        UUID id = row.getUUID("run_id");
        return id == null
                ? null
                : new LastRun(
                        id.toString(),
                        row.getString("state"),
                        Times.instant(row, "created_at"),
                        Times.instantOrNull(row, "ended_at"));
    }
}
