package org.capitania.supervisor.platform;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.platform.PlatformConfig.Kind;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;
import org.capitania.supervisor.roster.RosterConfig;

/**
 * Has the process of an agent stopped that had nothing to do for a while in any tenant: one process serves them all. That is no crash and no
 * incident; {@link StartAgents} has it started when work waits for it. Work that comes while it ends waits for the next process.
 */
@ApplicationScoped
class StopAgents {
    private static final Duration ON_DEMAND = Duration.ofMinutes(10);

    private final AgentPlatform platform;
    private final Sql sql;
    private final Tenants tenants;
    private final AgentStore agents;
    private final RosterConfig roster;
    private final Bells bells;
    private final MeterRegistry registry;
    private final Duration idle;

    StopAgents(
            AgentPlatform platform,
            PlatformConfig config,
            Sql sql,
            Tenants tenants,
            AgentStore agents,
            RosterConfig roster,
            Bells bells,
            MeterRegistry registry) {
        this.platform = platform;
        this.sql = sql;
        this.tenants = tenants;
        this.agents = agents;
        this.roster = roster;
        this.bells = bells;
        this.registry = registry;
        this.idle = config.idle().orElse(config.kind() == Kind.KUBERNETES ? ON_DEMAND : Duration.ZERO);
    }

    void start(@Observes StartupEvent event, Loops loops) {
        if (platform.able() && idle.isPositive()) {
            roster.roles().forEach(this::stops);
            // Ten looks while the time passes: it is stopped at most a tenth too late.
            loops.every("stop-agents", idle.dividedBy(10), () -> roster.roles().forEach(this::look));
        }
    }

    private void look(String role) {
        List<Scope> scopes = tenants.ids().stream()
                .map(tenant -> Scope.of(tenant, "system:supervisor", "an agent had nothing to do"))
                .toList();
        boolean up = scopes.stream()
                .anyMatch(scope -> sql.read(
                        scope,
                        tx -> agents.find(tx, role)
                                .filter(agent -> agent.alive())
                                .isPresent()));
        if (up && scopes.stream().allMatch(scope -> sql.read(scope, tx -> dormant(tx, role)))) {
            synchronized (platform) {
                stop(scopes, role);
            }
        }
    }

    /** Notes the stop for each tenant before it is made; what began meanwhile in one of them keeps the process. */
    private void stop(List<Scope> scopes, String role) {
        List<Scope> noted = new ArrayList<>();
        for (Scope scope : scopes) {
            if (!sql.tx(scope, tx -> rest(tx, role))) {
                noted.forEach(before -> goesOn(before, role));
                return;
            }
            noted.add(scope);
        }
        Log.infof("agent has nothing to do and is stopped agent=%s", role);
        try {
            platform.stop(role);
            stops(role).increment();
        } catch (CapitaniaException e) {
            Log.warnf("agent was not stopped agent=%s why=%s", role, e.detail());
            noted.forEach(scope -> goesOn(scope, role));
        }
    }

    private boolean rest(Tx tx, String role) {
        agents.lock(tx, role);
        boolean rests = dormant(tx, role);
        if (rests) {
            agents.rest(tx, role);
            bells.all(tx);
        }
        return rests;
    }

    private void goesOn(Scope scope, String role) {
        sql.run(scope, tx -> {
            agents.lock(tx, role);
            agents.noRest(tx, role);
            bells.all(tx);
        });
    }

    /** Nothing is under way or waits for the role, and nothing ended, nor did its process come, since the time began. */
    private boolean dormant(Tx tx, String role) {
        return tx.one("""
                        SELECT 1 FROM agents a
                        WHERE a.role = $1
                          AND (a.registered_at IS NULL OR a.registered_at < clock_timestamp() - ($2 * interval '1 millisecond'))
                          AND NOT EXISTS (SELECT 1 FROM wakes w WHERE w.tenant_id = a.tenant_id AND w.role = a.role
                                          AND w.state IN ('open', 'fenced', 'published', 'running'))
                          AND NOT EXISTS (SELECT 1 FROM (SELECT r.ended_at FROM runs r WHERE r.tenant_id = a.tenant_id AND r.role = a.role
                                                         ORDER BY r.created_at DESC LIMIT 1) AS last
                                          WHERE last.ended_at IS NULL OR last.ended_at > clock_timestamp() - ($2 * interval '1 millisecond'))
                          AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = a.tenant_id AND m.recipient = a.role
                                          AND m.sent_at > clock_timestamp() - ($2 * interval '1 millisecond'))
                          AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.tenant_id = a.tenant_id AND m.recipient = a.role
                                          AND m.state = 'waiting' AND m.deadline > clock_timestamp())
                        """, role, idle.toMillis()).isPresent();
    }

    private Counter stops(String role) {
        return registry.counter("supervisor.agent.stops", "agent", role);
    }
}
