package org.capitania.agentruntime.subagent;

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
import org.capitania.contract.event.SubagentLeaked;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Closes subagents' sessions that are open although the session that started them is over, and tells the watchdog. */
@ApplicationScoped
class LeakedSubagents {
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final AgentConfig config;
    private final Sql sql;
    private final LeftOpen left;

    LeakedSubagents(AgentConfig config, Sql sql, SessionStore store) {
        this.config = config;
        this.sql = sql;
        this.left = new LeftOpen(
                store,
                "leaked",
                "the session that started it is over",
                "nobody waits for its answer",
                transcript -> true);
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        loops.every("leaked-subagents", LOOK, () -> tenants.each(this::look));
    }

    void look(String tenant) {
        Scope scope = Scope.of(tenant, "agent:" + config.role(), "leaked subagents");
        List<Leak> leaks = new ArrayList<>();
        sql.tx(scope, tx -> tx.query("""
                        SELECT c.session_id, c.task_id, c.run_id, c.parent_session, c.parent_call, c.subagent
                          FROM sessions c LEFT JOIN sessions p ON p.tenant_id = c.tenant_id AND p.session_id = c.parent_session
                         WHERE c.purpose = 'subagent' AND c.closed_at IS NULL AND (p.session_id IS NULL OR p.closed_at IS NOT NULL)
                        """)).forEach(row -> leaks.add(leak(tenant, row)));
        leaks.forEach(leak -> close(scope, leak));
    }

    private record Leak(Ticket ticket, SubagentLeaked event) {}

    private Leak leak(String tenant, Row row) {
        Ticket ticket = new Ticket(
                tenant,
                config.role(),
                row.getString("session_id"),
                row.getString("task_id"),
                row.getString("run_id"),
                0,
                row.getString("parent_call"));
        return new Leak(
                ticket,
                new SubagentLeaked(
                        ticket.sessionId(),
                        row.getString("parent_session"),
                        ticket.taskId(),
                        config.role(),
                        row.getString("subagent")));
    }

    /** Told first: what is told twice is one incident, what is closed is not looked at again. */
    private void close(Scope scope, Leak leak) {
        Ticket ticket = leak.ticket();
        Log.warnf(
                "leaked subagent closed session=%s subagent=%s",
                ticket.sessionId(), leak.event().subagent());
        sql.run(
                scope.withCorrelation(ticket.taskId()),
                tx -> tx.publish(SubagentLeaked.TYPE, ticket.sessionId(), leak.event()));
        left.close(ticket);
    }
}
