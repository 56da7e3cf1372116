package org.capitania.agentruntime.run;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Stores wakes before they are acknowledged, and what became of them. */
@ApplicationScoped
class RunStore {
    private final Sql sql;

    RunStore(Sql sql) {
        this.sql = sql;
    }

    /** Stores a wake in the transaction of its inbox row; a second record of the same run changes nothing. */
    void receive(Tx tx, AgentWake wake) {
        tx.execute("""
                INSERT INTO runs (run_id, wake_id, fence, wake) VALUES ($1, $2, $3, $4::text::jsonb)
                ON CONFLICT (tenant_id, run_id) DO NOTHING
                """, wake.runId(), wake.wakeId(), wake.fence(), json(wake));
    }

    /** The oldest run that is not over. */
    Optional<AgentWake> next(Scope scope) {
        return sql.read(
                scope,
                tx -> tx.one(
                                "SELECT wake::text AS wake FROM runs WHERE ended_at IS NULL ORDER BY received_at, run_id LIMIT 1")
                        .map(RunStore::stored));
    }

    /** The run is claimed; what the claim answered replaces what the record said. */
    void running(Scope scope, AgentWake wake) {
        sql.run(
                scope,
                tx -> tx.execute(
                        "UPDATE runs SET state = 'running', wake = $2::text::jsonb WHERE run_id = $1 AND ended_at IS NULL",
                        wake.runId(),
                        json(wake)));
    }

    /** Stores events that were appended to a run; answers the run as it stands then. Events it has already are not stored twice. */
    AgentWake take(Scope scope, String runId, List<AgentTask> appended) {
        return sql.tx(scope, tx -> {
            AgentWake wake = stored(tx.one("SELECT wake::text AS wake FROM runs WHERE run_id = $1 FOR UPDATE", runId)
                    .orElseThrow());
            AgentWake merged = merge(wake, appended);
            tx.execute("UPDATE runs SET wake = $2::text::jsonb WHERE run_id = $1", runId, json(merged));
            return merged;
        });
    }

    void completed(Scope scope, String runId, String outcome) {
        end(scope, runId, "completed", outcome, "reported to the supervisor");
    }

    /** The run is no longer ours; the supervisor decides whether there is another. */
    void lost(Scope scope, String runId, String why) {
        end(scope, runId, "lost", null, why);
    }

    private void end(
            Scope scope, String runId, String state, @org.jspecify.annotations.Nullable String outcome, String detail) {
        sql.run(scope, tx -> tx.execute("""
                        UPDATE runs SET state = $2, outcome = $3, detail = $4, ended_at = clock_timestamp()
                         WHERE run_id = $1 AND ended_at IS NULL
                        """, runId, state, outcome, detail));
    }

    static AgentWake merge(AgentWake wake, List<AgentTask> appended) {
        List<AgentTask> tasks = new ArrayList<>(wake.tasks());
        for (AgentTask more : appended) {
            int at = 0;
            while (at < tasks.size() && !tasks.get(at).taskId().equals(more.taskId())) {
                at++;
            }
            if (at == tasks.size()) {
                tasks.add(more);
            } else {
                tasks.set(at, merge(tasks.get(at), more));
            }
        }
        return new AgentWake(
                wake.wakeId(),
                wake.runId(),
                wake.fence(),
                wake.role(),
                wake.reason(),
                wake.attempt(),
                List.copyOf(tasks));
    }

    private static AgentTask merge(AgentTask task, AgentTask more) {
        List<Event> events = new ArrayList<>(task.events());
        Set<String> known = new HashSet<>();
        events.forEach(e -> known.add(e.id()));
        more.events().stream().filter(e -> known.add(e.id())).forEach(events::add);
        return new AgentTask(
                task.taskId(), task.conversationId(), task.tainted() || more.tainted(), List.copyOf(events));
    }

    private static AgentWake stored(Row row) {
        return Json.read(row.getString("wake"), AgentWake.class);
    }

    private static String json(AgentWake wake) {
        return Json.write(wake).replace("\\u0000", "\\ufffd");
    }
}
