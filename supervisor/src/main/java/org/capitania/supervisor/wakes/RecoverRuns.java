package org.capitania.supervisor.wakes;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** Ends runs whose lease has run out, and runs that did not stop when a person said so; what they left undone is tried again. */
@ApplicationScoped
class RecoverRuns {
    private final Sql sql;
    private final Stores stores;
    private final AgentStore agents;
    private final SettleRun settle;
    private final WakesConfig config;
    private final Bells bells;

    RecoverRuns(Sql sql, Stores stores, AgentStore agents, SettleRun settle, WakesConfig config, Bells bells) {
        this.sql = sql;
        this.stores = stores;
        this.agents = agents;
        this.settle = settle;
        this.config = config;
        this.bells = bells;
    }

    /** Roles whose run has a holder that is silent. */
    Supplier<List<String>> askSilent(Tx tx) {
        return ask(tx, """
                SELECT l.role FROM leases l JOIN wakes w ON w.tenant_id = l.tenant_id AND w.role = l.role AND w.run_id = l.run_id
                WHERE l.expires_at <= clock_timestamp() AND w.state IN ('published', 'running')
                """);
    }

    /** Roles whose run goes on although it was told to stop. */
    Supplier<List<String>> askDeaf(Tx tx) {
        return ask(
                tx,
                "SELECT role FROM runs WHERE state = 'running' AND stop_at < clock_timestamp() - interval '%d milliseconds'"
                        .formatted(config.stopGrace().toMillis()));
    }

    /** What they have left undone may go on. */
    void recover(Scope scope, List<String> silent, List<String> deaf) {
        silent.forEach(role -> sql.run(scope, tx -> recover(tx, role)));
        deaf.forEach(role -> sql.run(scope, tx -> withdraw(tx, role)));
    }

    private void recover(Tx tx, String role) {
        Agent agent = agents.lock(tx, role);
        Leases.Holder holder = stores.leases().holder(tx, role);
        if (!holder.over()) {
            // Renewed between the look and the lock.
            return;
        }
        stores.wakes().active(tx, role).ifPresent(wake -> {
            switch (wake) {
                // An agent that is away has not failed at anything.
                case Wake.Published published ->
                    settle.settle(
                            tx,
                            published,
                            SettleRun.End.silent("unclaimed", "nobody claimed the wake in time", agent.alive()));
                case Wake.Running running ->
                    settle.settle(
                            tx,
                            running,
                            SettleRun.End.silent("lost", "no heartbeat came before the lease ran out", true));
                // The gateway has not answered yet: the dispatcher goes on with the same fence.
                case Wake.Fenced fenced -> {}
                case Wake.Open open -> {}
            }
        });
        bells.all(tx);
    }

    private void withdraw(Tx tx, String role) {
        agents.lock(tx, role);
        stores.wakes().active(tx, role).ifPresent(wake -> {
            if (wake instanceof Wake.Running running) {
                Run run = stores.runs().get(tx, running.run().runId());
                if (run.stop() != null) {
                    settle.settle(tx, running, SettleRun.End.silent("withdrawn", run.stop(), run.stopIsAFault()));
                    bells.all(tx);
                }
            }
        });
    }

    /** The roles that a query names, asked for now; the answer waits. */
    static Supplier<List<String>> ask(Tx tx, String query) {
        Future<RowSet<Row>> asked = tx.send(query);
        return () -> {
            List<String> roles = new ArrayList<>();
            tx.await(asked).forEach(row -> roles.add(row.getString("role")));
            return roles;
        };
    }
}
