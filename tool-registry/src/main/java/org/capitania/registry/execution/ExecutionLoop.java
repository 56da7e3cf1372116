package org.capitania.registry.execution;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.process.ProcessName;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Works off what is approved: at once when a doorbell rings, and every few seconds whatever a crash or a lost doorbell has left. */
@ApplicationScoped
class ExecutionLoop {
    static final String NAME = "executions";
    private static final int AT_ONCE = 50;

    private final Sql sql;
    private final Tenants tenants;
    private final Executions executions;
    private final ExecuteProposal execute;
    private final String process;
    private final Set<UUID> held = ConcurrentHashMap.newKeySet();

    ExecutionLoop(Sql sql, Tenants tenants, Executions executions, ExecuteProposal execute, ProcessName process) {
        this.sql = sql;
        this.tenants = tenants;
        this.executions = executions;
        this.execute = execute;
        this.process = process.name();
    }

    void start(@Observes StartupEvent event, Loops loops, LostDoorbells lost) {
        tenants.each(tenant -> sql.run(scope(tenant), tx -> executions.release(tx, process)));
        loops.every(NAME, Duration.ofSeconds(1), () -> tenants.each(this::workOff));
        loops.every(
                "execution-leases",
                Duration.ofSeconds(20),
                () -> tenants.each(tenant -> sql.run(scope(tenant), tx -> executions.renew(tx, held))));
        loops.every("lost-doorbells", Duration.ofSeconds(10), () -> tenants.each(lost::look));
    }

    /** Takes up everything that is due, one after the other. */
    void workOff(String tenant) {
        Scope scope = scope(tenant);
        for (String[] due : sql.tx(scope, tx -> executions.due(tx, AT_ONCE))) {
            UUID lease = UUID.randomUUID();
            Optional<Execution> taken =
                    sql.tx(scope, tx -> executions.take(tx, due[0], Integer.parseInt(due[1]), lease, process));
            if (taken.isPresent()) {
                held.add(lease);
                try {
                    execute.run(scope, taken.get());
                } catch (RuntimeException e) {
                    Log.warnf(e, "an execution stopped and is taken up again proposal=%s", due[0]);
                    sql.run(scope, tx -> executions.later(tx, taken.get(), Duration.ofSeconds(2)));
                } finally {
                    held.remove(lease);
                }
            }
        }
    }

    static Scope scope(String tenant) {
        return Scope.of(tenant, "system:tool-registry", "carrying out what was approved");
    }
}
