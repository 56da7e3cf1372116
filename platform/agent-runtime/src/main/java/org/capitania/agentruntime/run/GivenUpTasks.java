package org.capitania.agentruntime.run;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.loop.LeftOpen;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Puts away the session that is still open of a task which the supervisor has given up: its runs crashed, and no other goes on with it. */
@ApplicationScoped
class GivenUpTasks {
    private final Sql sql;
    private final SessionStore store;

    GivenUpTasks(Sql sql, SessionStore store) {
        this.sql = sql;
        this.store = store;
    }

    /** The same told again changes nothing. */
    void close(String tenant, AgentTaskFailed failed) {
        Scope scope = Scope.of(tenant, "agent:" + failed.role(), "a task was given up");
        List<Ticket> open = new ArrayList<>();
        sql.read(
                        scope,
                        tx -> tx.query(
                                "SELECT session_id, run_id FROM sessions WHERE task_id = $1 AND purpose = 'task' AND closed_at IS NULL",
                                failed.taskId()))
                .forEach(row -> open.add(new Ticket(
                        tenant,
                        failed.role(),
                        row.getString("session_id"),
                        failed.taskId(),
                        row.getString("run_id"),
                        0)));
        LeftOpen left = new LeftOpen(
                store,
                "given_up",
                "given up after " + failed.attempts() + " attempts: " + failed.reason(),
                "the task was given up before its session ended",
                // What had not begun is not known there.
                transcript -> transcript.opened().isPresent());
        for (Ticket ticket : open) {
            left.close(ticket);
            Log.infof(
                    "session of a task that was given up closed task=%s session=%s",
                    ticket.taskId(), ticket.sessionId());
        }
    }
}
