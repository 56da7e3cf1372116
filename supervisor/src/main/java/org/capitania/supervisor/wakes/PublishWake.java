package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** Last step of a dispatch, once the gateway knows the run: the wake goes to the agent through the outbox, unless a person paused it meanwhile. */
@ApplicationScoped
class PublishWake {
    private final Stores stores;
    private final AgentStore agents;
    private final Delivery delivery;
    private final SettleRun settle;
    private final WakesConfig config;
    private final Bells bells;

    PublishWake(
            Stores stores, AgentStore agents, Delivery delivery, SettleRun settle, WakesConfig config, Bells bells) {
        this.stores = stores;
        this.agents = agents;
        this.delivery = delivery;
        this.settle = settle;
        this.config = config;
        this.bells = bells;
    }

    /** Answers whether it was published now, which the gateway was told before. */
    boolean publish(Tx tx, Wake.Fenced seen, Introduction.Letter told) {
        Agent.Pause pause = agents.lock(tx, seen.head().role()).pause();
        Optional<Wake.Fenced> fenced = current(tx, seen);
        if (fenced.isEmpty()) {
            return false;
        }
        Introduction.known(tx, told);
        Wake.Fenced wake = fenced.get();
        String role = wake.head().role();
        boolean leased =
                stores.leases().renew(tx, role, wake.run(), config.lease()).isPresent();
        if (pause != null || !leased) {
            String why = pause == null ? "the lease was lost before the wake was published" : pause.sentence();
            settle.settle(tx, wake, SettleRun.End.silent("withdrawn", why, false));
            return false;
        }
        stores.runs().published(tx, wake.run().runId());
        stores.wakes().save(tx, wake.publish());
        tx.publishTo(
                Topics.agent(role),
                AgentWake.TYPE,
                role,
                Delivery.wake(
                        wake.head(),
                        wake.run(),
                        delivery.forRecord(tx, wake.run().runId())));
        bells.all(tx);
        return true;
    }

    /** The gateway will not have the run: another one, with a higher fence, is tried after a pause. */
    void refused(Tx tx, Wake.Fenced seen, String why) {
        agents.lock(tx, seen.head().role());
        current(tx, seen).ifPresent(wake -> {
            settle.settle(tx, wake, SettleRun.End.silent("withdrawn", "gateway: " + why, true));
            stores.leases().leap(tx, wake.head().role());
        });
    }

    /** The wake if it is still where the dispatcher saw it; the caller holds the lock of the role. */
    private Optional<Wake.Fenced> current(Tx tx, Wake.Fenced seen) {
        return stores.wakes()
                .active(tx, seen.head().role())
                .filter(Wake.Fenced.class::isInstance)
                .map(Wake.Fenced.class::cast)
                .filter(wake -> wake.run().equals(seen.run()));
    }
}
