package org.capitania.supervisor.platform;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.memory.MemoryRules;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;
import org.capitania.supervisor.wakes.Holds;

/**
 * Has agents started whose process is gone while nothing else holds a wake that is due for them, or somebody waits for their answer. A paused one is left alone; one
 * that does not come is tried a few times, ever more rarely, and then waits for a person: the watchdog has told of it long before.
 */
@ApplicationScoped
class StartAgents {
    private final AgentPlatform platform;
    private final Sql sql;
    private final Tenants tenants;
    private final AgentStore agents;
    private final MemoryRules memory;
    private final PlatformConfig config;
    private final Clock clock;
    private volatile Instant from;

    StartAgents(
            AgentPlatform platform,
            Sql sql,
            Tenants tenants,
            AgentStore agents,
            MemoryRules memory,
            PlatformConfig config,
            Clock clock) {
        this.platform = platform;
        this.sql = sql;
        this.tenants = tenants;
        this.agents = agents;
        this.memory = memory;
        this.config = config;
        this.clock = clock;
        this.from = clock.instant();
    }

    void start(@Observes StartupEvent event, Loops loops) {
        // A fleet that is coming up brings its agents itself.
        from = clock.instant().plus(config.again());
        if (platform.able()) {
            tenants.ids().forEach(tenant -> loops.every(Bells.starter(tenant), config.look(), () -> round(tenant)));
        }
    }

    /** Looks once at a tenant's agents. */
    private void round(String tenant) {
        if (clock.instant().isBefore(from)) {
            return;
        }
        Scope scope = Scope.of(tenant, "system:supervisor", "work waits for an agent that is stopped");
        for (String role : sql.read(scope, StartAgents::wanted)) {
            synchronized (platform) {
                if (memory.hold(role, true, 0).isEmpty() && sql.tx(scope, tx -> mayStart(tx, role))) {
                    start(scope, role);
                }
            }
        }
    }

    private void start(Scope scope, String role) {
        Log.infof("agent is started tenant=%s agent=%s", scope.tenant(), role);
        try {
            platform.start(role);
        } catch (CapitaniaException e) {
            Log.warnf("agent was not started tenant=%s agent=%s why=%s", scope.tenant(), role, e.detail());
        }
    }

    /** Roles for whom something is due. */
    private static List<String> wanted(Tx tx) {
        List<String> roles = new ArrayList<>();
        tx.query("""
                        SELECT a.role FROM agents a
                        WHERE (a.start_again_at IS NULL OR a.start_again_at <= clock_timestamp())
                          AND (EXISTS (SELECT 1 FROM wakes w WHERE w.tenant_id = a.tenant_id AND w.role = a.role
                                       AND w.state = 'open' AND w.not_before <= clock_timestamp() AND starts_with(w.held_reason, $1))
                            OR EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = a.tenant_id AND m.recipient = a.role
                                       AND m.state = 'waiting' AND m.deadline > clock_timestamp()))
                        ORDER BY a.role
                        """, Holds.NO_PROCESS).forEach(row -> roles.add(row.getString("role")));
        return roles;
    }

    /** Notes the start before it is made: who else looks, and who looks after a crash, sees it. */
    private boolean mayStart(Tx tx, String role) {
        Agent agent = agents.lock(tx, role);
        if (agent.alive() || agent.pause() != null || agent.triggers() == null) {
            return false;
        }
        return agents.starting(tx, role, config.attempts(), config.again())
                .map(starts -> {
                    if (starts == config.attempts()) {
                        Log.errorf(
                                "agent is started for the last time unless a person restarts it tenant=%s agent=%s starts=%d",
                                tx.scope().tenant(), role, starts);
                    }
                    return true;
                })
                .orElse(false);
    }
}
