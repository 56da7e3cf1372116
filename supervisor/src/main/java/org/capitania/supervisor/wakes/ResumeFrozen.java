package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** Once autonomy is thawed, what the freeze held back goes on at once, without the rest of its back-off. */
@ApplicationScoped
public class ResumeFrozen {
    private final Stores stores;
    private final AgentStore agents;
    private final Bells bells;

    ResumeFrozen(Stores stores, AgentStore agents, Bells bells) {
        this.stores = stores;
        this.agents = agents;
        this.bells = bells;
    }

    /** In the transaction that takes the event in. */
    public void resume(Tx tx) {
        List<Agent> all = agents.lockAll(tx);
        // A run that was refused may report so only now, and this event does not come again.
        stores.runs().thawed(tx);
        for (Agent agent : all) {
            Instant now = stores.wakes().now(tx);
            if (stores.tasks().hastenFrozen(tx, agent.role(), now)
                    && stores.wakes().active(tx, agent.role()).orElse(null) instanceof Wake.Open open) {
                stores.wakes().save(tx, open.noLaterThan(now));
            }
        }
        bells.dispatch(tx);
    }
}
