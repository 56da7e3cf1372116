package org.capitania.registry.runs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.FenceRequest;
import org.capitania.registry.handler.Call;
import org.capitania.registry.subagents.Child;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Runs and fences: which run of a role may act. */
@ApplicationScoped
public class Runs {

    /** Opens or prolongs a run; a fence below the highest known, or one that another run holds, is refused. */
    void open(Tx tx, FenceRequest request) {
        if (request.kind() == FenceRequest.Kind.RUN) {
            raise(tx, request);
        }
        int written = tx.execute(
                """
                INSERT INTO runs (run_id, role, fence, kind, task_ids, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (tenant_id, run_id) DO UPDATE
                   SET expires_at = greatest(runs.expires_at, excluded.expires_at),
                       task_ids = ARRAY(SELECT DISTINCT unnest(runs.task_ids || excluded.task_ids))
                 WHERE runs.role = excluded.role AND runs.fence = excluded.fence AND runs.kind = excluded.kind AND runs.closed_at IS NULL
                """,
                request.runId(),
                request.role(),
                request.fence(),
                request.kind() == FenceRequest.Kind.RUN ? "run" : "ask",
                request.taskIds().toArray(String[]::new),
                Times.db(request.expiresAt()));
        if (written == 0) {
            throw new CapitaniaException(
                    ErrorCode.FENCED,
                    "run " + request.runId() + " is closed, or known with another role, fence or kind");
        }
        List<String> tainted = request.taintedTaskIds() == null ? List.of() : request.taintedTaskIds();
        tainted.forEach(task -> taint(tx, task, "trigger", request.runId(), null));
    }

    private static void raise(Tx tx, FenceRequest request) {
        tx.execute(
                "INSERT INTO fences (role, fence, run_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                request.role(),
                request.fence(),
                request.runId());
        // The row lock waits for every call that was admitted under the old fence and not yet journalled.
        Row mark = tx.one("SELECT fence, run_id FROM fences WHERE role = $1 FOR UPDATE", request.role())
                .orElseThrow();
        long highest = mark.getLong("fence");
        boolean same = highest == request.fence() && mark.getString("run_id").equals(request.runId());
        if (request.fence() < highest || (request.fence() == highest && !same)) {
            throw new CapitaniaException(
                    ErrorCode.FENCED,
                    "fence " + request.fence() + " of " + request.role() + " is not above " + highest + ", which run "
                            + mark.getString("run_id") + " holds");
        }
        if (!same) {
            tx.execute(
                    "UPDATE fences SET fence = $2, run_id = $3 WHERE role = $1",
                    request.role(),
                    request.fence(),
                    request.runId());
            tx.execute("""
                    UPDATE runs SET closed_at = clock_timestamp()
                     WHERE role = $1 AND kind = 'run' AND closed_at IS NULL AND fence < $2
                    """, request.role(), request.fence());
        }
    }

    /** Closes a run for good; false when there is none, or it was closed before. */
    boolean close(Tx tx, String runId) {
        return tx.execute(
                        "UPDATE runs SET closed_at = clock_timestamp() WHERE run_id = $1 AND closed_at IS NULL", runId)
                > 0;
    }

    /** A run that was ended before its time. */
    public record Ended(String runId, String role) {}

    /** Ends every open run of a role, or of all roles; waits for the calls that are just being admitted in them. */
    public List<Ended> endAll(Tx tx, @Nullable String role) {
        tx.query("SELECT 1 FROM fences WHERE $1::text IS NULL OR role = $1 ORDER BY role FOR UPDATE", role);
        List<Ended> ended = new ArrayList<>();
        tx.query("""
                        UPDATE runs SET closed_at = clock_timestamp()
                         WHERE closed_at IS NULL AND ($1::text IS NULL OR role = $1) RETURNING run_id, role
                        """, role).forEach(row -> ended.add(new Ended(row.getString("run_id"), row.getString("role"))));
        return ended;
    }

    /** Every role that ever had a run. */
    public List<String> roles(Tx tx) {
        List<String> roles = new ArrayList<>();
        tx.query("SELECT role FROM fences ORDER BY role").forEach(row -> roles.add(row.getString("role")));
        return roles;
    }

    /** Keeps a higher fence of the run's role from being raised until this transaction ends. Does not wait. */
    public Future<RowSet<Row>> hold(Tx tx, @Nullable String runId) {
        return tx.send(
                "SELECT 1 FROM fences f JOIN runs r USING (tenant_id, role) WHERE r.run_id = $1 AND r.kind = 'run' FOR SHARE OF f",
                runId);
    }

    /** A run as it stands; until this transaction ends no higher fence of its role can be raised. */
    public Optional<Run> lock(Tx tx, String runId) {
        return ask(tx, runId).get();
    }

    /** The same, sent now; the answer waits. */
    public Supplier<Optional<Run>> ask(Tx tx, String runId) {
        // Sent together and run one after the other: the second sees what the first has waited for.
        Future<RowSet<Row>> held = hold(tx, runId);
        Supplier<Optional<Row>> run = tx.ask("""
                        SELECT r.run_id, r.role, r.fence, r.kind, r.task_ids,
                               r.closed_at IS NULL AND r.expires_at > clock_timestamp()
                               AND (r.kind = 'ask' OR r.fence = f.fence) AS current
                          FROM runs r LEFT JOIN fences f USING (tenant_id, role)
                         WHERE r.run_id = $1
                        """, runId);
        return () -> {
            tx.await(held);
            return run.get().map(Runs::run);
        };
    }

    private static Run run(Row row) {
        return new Run(
                row.getString("run_id"),
                row.getString("role"),
                row.getLong("fence"),
                row.getString("kind").equals("ask"),
                List.of(row.getArrayOfStrings("task_ids")),
                row.getBoolean("current"));
    }

    /** The role by whose gates an actor is held: of a project agent, that of the run it was started in. */
    public String role(Tx tx, String actor, @Nullable String runId) {
        return Child.project(actor)
                .flatMap(project -> tx.one("SELECT role FROM runs WHERE run_id = $1", runId))
                .map(row -> row.getString("role"))
                .orElseGet(() -> Call.role(actor));
    }

    /** Why this may not be done in this run now; empty when it may. */
    public Optional<String> objection(Tx tx, String role, String runId, long fence, @Nullable String taskId) {
        return objection(lock(tx, runId), role, runId, fence, taskId);
    }

    /** The same of a run that was locked before in this transaction. */
    public Optional<String> objection(
            Optional<Run> found, String role, String runId, long fence, @Nullable String taskId) {
        if (found.isEmpty() || !found.get().role().equals(role)) {
            return Optional.of("run " + runId + " is not a run of " + role);
        }
        if (!found.get().current() || found.get().fence() != fence) {
            return Optional.of("run " + runId + " with fence " + fence + " is over");
        }
        return found.get().covers(taskId)
                ? Optional.empty()
                : Optional.of("task " + taskId + " is not a task of run " + runId);
    }

    /** Refuses what may not be done in this run now, for whichever task. */
    public void require(Tx tx, String role, String runId, long fence) {
        Optional<Run> run = lock(tx, runId);
        String any = run.flatMap(found -> found.taskIds().stream().findFirst()).orElse(null);
        refuse(objection(run, role, runId, fence, any));
    }

    /** Refuses what may not be done in this run now. */
    public void require(Tx tx, String role, String runId, long fence, @Nullable String taskId) {
        refuse(objection(tx, role, runId, fence, taskId));
    }

    private static void refuse(Optional<String> objection) {
        objection.ifPresent(why -> {
            throw new CapitaniaException(ErrorCode.FENCED, why)
                    .withHint("stop here; the supervisor wakes you again if there is anything to do");
        });
    }

    /** Notes that a task has read something from outside. */
    public void taint(Tx tx, String taskId, String source, @Nullable String runId, @Nullable String callId) {
        tx.put("""
                INSERT INTO run_taint (task_id, source, run_id, call_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                """, taskId, source, runId, callId);
    }

    /** What a task has read that came from outside; empty for a clean one. */
    public List<String> taints(Tx tx, @Nullable String taskId) {
        if (taskId == null) {
            return List.of();
        }
        List<String> sources = new ArrayList<>();
        if (taskId.startsWith("client:")) {
            // What an outside client has read elsewhere nobody here knows: all it writes comes from outside.
            sources.add(taskId);
        }
        tx.query("SELECT DISTINCT source FROM run_taint WHERE task_id = $1 ORDER BY source", taskId)
                .forEach(row -> sources.add(row.getString("source")));
        return sources;
    }

    /** Whether a run has read anything from outside, for whichever task. */
    public boolean readOutside(Tx tx, String runId) {
        return tx.one("SELECT 1 FROM run_taint WHERE run_id = $1 LIMIT 1", runId)
                .isPresent();
    }
}
