package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.memory.MemoryRules;
import org.capitania.supervisor.roster.Agent;

/** Why a due wake does not go on now, in one sentence for people. */
@ApplicationScoped
public class Holds {
    /** What a hold begins with that ends once the agent is started; nothing else keeps its wake. */
    public static final String NO_PROCESS = "no process of ";

    static final String MEMORY = "memory";

    private final Leases leases;
    private final MemoryRules memory;
    private final WakesConfig config;

    Holds(Leases leases, MemoryRules memory, WakesConfig config) {
        this.leases = leases;
        this.memory = memory;
        this.config = config;
    }

    /**
     * Empty: it may go on. The caller holds the locks of all roles, so that the cap holds.
     *
     * @param notAllowed why nothing of what is due may be done now
     */
    Optional<String> reason(
            Tx tx, Agent agent, Optional<BudgetStanding> standing, Supplier<Optional<String>> notAllowed) {
        Agent.Pause pause = agent.pause();
        if (pause != null) {
            return Optional.of(pause.sentence());
        }
        // Before its process is looked for: an agent is not started for work that would be held all the same.
        Optional<String> model =
                standing.map(BudgetStanding::hold).map(Holds::sentence).or(notAllowed);
        if (model.isPresent()) {
            return model;
        }
        if (!agent.alive()) {
            return Optional.of(NO_PROCESS + agent.role() + " has been heard of lately");
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
