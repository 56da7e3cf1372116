package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.memory.MemoryRules;
import org.capitania.supervisor.roster.Agent;

/** Why a due wake does not go on now, in one sentence for people. */
@ApplicationScoped
class Holds {
    static final String MEMORY = "memory";

    private final Leases leases;
    private final MemoryRules memory;
    private final WakesConfig config;

    Holds(Leases leases, MemoryRules memory, WakesConfig config) {
        this.leases = leases;
        this.memory = memory;
        this.config = config;
    }

    /** Empty: it may go on. The caller holds the locks of all roles, so that the cap holds. */
    Optional<String> reason(Tx tx, Agent agent, Optional<BudgetStanding> standing) {
        Agent.Pause pause = agent.pause();
        if (pause != null) {
            return Optional.of(pause.sentence());
        }
        if (!agent.alive()) {
            return Optional.of("no process of " + agent.role() + " has been heard of lately");
        }
        Optional<String> model = standing.map(BudgetStanding::hold).map(Holds::sentence);
        if (model.isPresent()) {
            return model;
        }
        Leases.Holder holder = leases.holder(tx, agent.role());
        if (holder.runId().isPresent() && !holder.over()) {
            return Optional.of("run " + holder.runId().get() + " still has the lease");
        }
        int held = leases.held(tx);
        if (held >= config.cap()) {
            return Optional.of("cap: " + held + " agents of this tenant are at work");
        }
        boolean dormant = agent.announced() != AgentView.State.WARM && agent.announced() != AgentView.State.COOLDOWN;
        return memory.hold(agent.role(), dormant, held);
    }

    private static String sentence(BudgetStanding.Hold hold) {
        return hold.reason() + (hold.until() == null ? "" : "; held until " + hold.until());
    }
}
