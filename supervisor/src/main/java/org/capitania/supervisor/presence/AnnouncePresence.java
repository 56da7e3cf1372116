package org.capitania.supervisor.presence;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.api.AgentView.State;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** Tells of every change of presence once ({@code agent.state_changed}), and keeps the gauges. */
@ApplicationScoped
class AnnouncePresence {
    private final Sql sql;
    private final Tenants tenants;
    private final AgentStore agents;
    private final PresenceStore store;
    private final Bells bells;
    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> gauges = new ConcurrentHashMap<>();

    AnnouncePresence(
            Sql sql, Tenants tenants, AgentStore agents, PresenceStore store, Bells bells, MeterRegistry registry) {
        this.sql = sql;
        this.tenants = tenants;
        this.agents = agents;
        this.store = store;
        this.bells = bells;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every(Bells.PRESENCE, Duration.ofSeconds(1), this::round);
    }

    private void round() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, "system:supervisor", "presence");
            if (sql.read(scope, tx -> look(tx, tenant))) {
                sql.run(scope, this::announce);
            }
        });
    }

    /** Measures; answers whether there is something to announce. Takes no lock: most rounds end here. */
    private boolean look(Tx tx, String tenant) {
        Map<String, PresenceStore.Work> work = store.work(tx);
        boolean news = false;
        for (Agent agent : agents.list(tx)) {
            PresenceStore.Work own = work.getOrDefault(agent.role(), PresenceStore.Work.NONE);
            State state = Presence.of(agent, own);
            news |= state != agent.announced();
            gauge("supervisor.agents.warm", tenant, agent.role()).set(state == State.WARM ? 1 : 0);
            gauge("supervisor.events.queued", tenant, agent.role()).set(own.queued());
        }
        return news;
    }

    private void announce(Tx tx) {
        var locked = agents.lockAll(tx);
        Map<String, PresenceStore.Work> work = store.work(tx);
        for (Agent agent : locked) {
            State state = Presence.of(agent, work.getOrDefault(agent.role(), PresenceStore.Work.NONE));
            if (state != agent.announced()) {
                agents.announced(tx, agent.role(), state);
                tx.publish(
                        AgentStateChanged.TYPE,
                        agent.role(),
                        new AgentStateChanged(
                                agent.role(),
                                state.wireName(),
                                agent.announced().wireName(),
                                Presence.why(agent, state)));
                bells.dispatch(tx);
            }
        }
    }

    private AtomicInteger gauge(String name, String tenant, String role) {
        return gauges.computeIfAbsent(
                name + "/" + tenant + "/" + role,
                key -> registry.gauge(name, Tags.of("agent", role, "tenant", tenant), new AtomicInteger()));
    }
}
