package org.capitania.agentruntime.mailbox;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.AgentConfig;
import org.capitania.agentruntime.loop.LeftOpen;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/**
 * Closes the sessions of questions that were dropped before they were answered: the asker's time was over, the agent was paused, the process
 * died. Nobody goes on with one, and whoever watches the agent would wait for its end for ever.
 */
@ApplicationScoped
class DroppedAsks {
    static final String LOOP = "dropped-asks";

    private static final Duration LOOK = Duration.ofMinutes(1);

    /** Twice as long as anybody waits for an answer (section 33.10 of the seeds). */
    private static final Duration LONG_AGO = Duration.ofMinutes(10);

    private final AgentConfig config;
    private final Sql sql;
    private final LeftOpen left;

    DroppedAsks(AgentConfig config, Sql sql, SessionStore store) {
        this.config = config;
        this.sql = sql;
        String why = "nobody waits for the answer any more";
        this.left = new LeftOpen(store, "dropped", why, why, transcript -> false);
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        loops.every(LOOP, LOOK, () -> tenants.each(this::look));
    }

    private void look(String tenant) {
        Scope scope = Scope.of(tenant, "agent:" + config.role(), "dropped questions");
        List<Ticket> dropped = new ArrayList<>();
        sql.read(scope, tx -> tx.query("""
                                SELECT session_id, task_id, run_id FROM sessions
                                 WHERE purpose = 'ask' AND closed_at IS NULL
                                   AND opened_at < clock_timestamp() - ($1 * interval '1 millisecond')
                                 ORDER BY opened_at LIMIT 100
                                """, LONG_AGO.toMillis()))
                .forEach((Row row) -> dropped.add(new Ticket(
                        tenant,
                        config.role(),
                        row.getString("session_id"),
                        row.getString("task_id"),
                        row.getString("run_id"),
                        0)));
        dropped.forEach(this::close);
    }

    private void close(Ticket ticket) {
        left.close(ticket);
        Log.infof("dropped question closed task=%s session=%s", ticket.taskId(), ticket.sessionId());
    }
}
