package org.capitania.supervisor.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.AgentView;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.presence.Presence;
import org.capitania.supervisor.presence.PresenceStore;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/** The agents as people see them. */
@ApplicationScoped
class AgentQueries {
    private final Sql sql;
    private final AgentStore agents;
    private final PresenceStore presence;

    AgentQueries(Sql sql, AgentStore agents, PresenceStore presence) {
        this.sql = sql;
        this.agents = agents;
        this.presence = presence;
    }

    List<AgentView> all(Scope scope) {
        return sql.tx(scope, tx -> {
            Map<String, PresenceStore.Work> work = presence.work(tx);
            return agents.list(tx).stream()
                    .filter(agent -> work.containsKey(agent.role()))
                    .map(agent -> view(agent, work.get(agent.role())))
                    .toList();
        });
    }

    AgentView one(Scope scope, String role) {
        return all(scope).stream()
                .filter(agent -> agent.role().equals(role))
                .findFirst()
                .orElseThrow(() -> new CapitaniaException(ErrorCode.UNKNOWN_PEER, "no agent is called " + role));
    }

    private static AgentView view(Agent agent, PresenceStore.@Nullable Work work) {
        PresenceStore.Work own = work == null ? PresenceStore.Work.NONE : work;
        Agent.Pause pause = agent.pause();
        return new AgentView(
                agent.role(),
                Presence.of(agent, own),
                pause == null ? null : pause.reason(),
                pause == null ? null : pause.by(),
                pause == null ? null : pause.until(),
                own.lastRun(),
                own.queued(),
                own.held(),
                agent.restingSince(),
                agent.lastSeen(),
                agent.instance(),
                agent.url(),
                agent.workspaceVersion(),
                agent.triggers() == null ? List.of() : agent.triggers());
    }
}
