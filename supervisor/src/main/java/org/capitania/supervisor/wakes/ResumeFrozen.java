package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;
import org.jspecify.annotations.Nullable;

/** Once autonomy is thawed or a cap raised, what that held back goes on at once, without the rest of its back-off. */
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

    private interface Hasten {
        /** Whether there was anything to hasten. */
        boolean of(String role, Instant now);
    }

    /** In the transaction that takes the event in. */
    public void resume(Tx tx) {
        resume(tx, null, (role, now) -> stores.tasks().hastenFrozen(tx, role, now));
    }

    /** The same for what waits for money; of all agents where none is named. */
    public void withMoney(Tx tx, @Nullable String only) {
        resume(tx, only, (role, now) -> stores.tasks().hastenUnpaid(tx, role, now));
    }

    private void resume(Tx tx, @Nullable String only, Hasten hasten) {
        List<Agent> all = agents.lockAll(tx);
        // A run that was refused may report so only now, and this event does not come again.
        stores.runs().thawed(tx, only);
        for (Agent agent : all) {
            Instant now = stores.wakes().now(tx);
            if ((only == null || agent.role().equals(only))
                    && hasten.of(agent.role(), now)
                    && stores.wakes().active(tx, agent.role()).orElse(null) instanceof Wake.Open open) {
                stores.wakes().save(tx, open.noLaterThan(now));
            }
        }
        bells.dispatch(tx);
    }
}
