package org.capitania.supervisor.control;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.presence.Presence;
import org.capitania.supervisor.presence.PresenceStore;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;
import org.capitania.supervisor.roster.RosterConfig;
import org.capitania.supervisor.routing.RouteEvent;

/** An agent process says that it is there and what wakes it. */
@ApplicationScoped
class RegisterProcess {
    private final Sql sql;
    private final AgentStore agents;
    private final PresenceStore presence;
    private final RouteEvent route;
    private final RosterConfig config;
    private final Bells bells;

    RegisterProcess(
            Sql sql, AgentStore agents, PresenceStore presence, RouteEvent route, RosterConfig config, Bells bells) {
        this.sql = sql;
        this.agents = agents;
        this.presence = presence;
        this.route = route;
        this.config = config;
        this.bells = bells;
    }

    RegisterAgent.Registered register(Scope scope, String role, RegisterAgent registration) {
        if (registration.triggers().stream().anyMatch(trigger -> trigger.event().isBlank())) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "a trigger needs an event type");
        }
        return sql.tx(scope, tx -> register(tx, role, registration));
    }

    private RegisterAgent.Registered register(Tx tx, String role, RegisterAgent registration) {
        boolean first = agents.lock(tx, role).triggers() == null;
        agents.register(tx, role, registration);
        if (first) {
            route.routeWaiting(tx, role, registration.triggers());
        }
        Agent agent = agents.find(tx, role).orElseThrow();
        var state = Presence.of(agent, presence.work(tx).getOrDefault(role, PresenceStore.Work.NONE));
        if (state != agent.announced()) {
            bells.all(tx);
        }
        return new RegisterAgent.Registered(state, config.renewal().toMillis());
    }
}
