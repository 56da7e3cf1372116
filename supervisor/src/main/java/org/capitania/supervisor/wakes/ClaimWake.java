package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** An agent process takes up a wake: from now on the lease is its own to renew. */
@ApplicationScoped
class ClaimWake {
    private final Sql sql;
    private final Stores stores;
    private final AgentStore agents;
    private final RunDelivery delivery;
    private final WakesConfig config;
    private final Bells bells;

    ClaimWake(Sql sql, Stores stores, AgentStore agents, RunDelivery delivery, WakesConfig config, Bells bells) {
        this.sql = sql;
        this.stores = stores;
        this.agents = agents;
        this.delivery = delivery;
        this.config = config;
        this.bells = bells;
    }

    /** Answers the wake as it stands now; the same instance may ask again. */
    AgentWake claim(Scope scope, UUID wakeId, WakeClaim claim) {
        Claimed claimed = sql.tx(scope, tx -> {
            Wake.Running running = claim(tx, wakeId, claim);
            Optional<List<AgentTask>> tasks = delivery.known(tx, running);
            tasks.ifPresent(all -> taken(tx, running, all));
            return new Claimed(running, tasks);
        });
        Wake.Running running = claimed.running();
        List<AgentTask> tasks = claimed.tasks().orElseGet(() -> {
            List<AgentTask> all = delivery.everything(scope, running);
            sql.run(scope, tx -> taken(tx, running, all));
            return all;
        });
        return Delivery.wake(running.head(), running.run(), tasks);
    }

    /** @param tasks empty where the gateway has to be told of some first */
    private record Claimed(Wake.Running running, Optional<List<AgentTask>> tasks) {}

    private void taken(Tx tx, Wake.Running running, List<AgentTask> tasks) {
        List<String> events = tasks.stream()
                .flatMap(task -> task.events().stream())
                .map(Event::id)
                .toList();
        stores.tasks().taken(tx, running.run().runId(), events);
    }

    private Wake.Running claim(Tx tx, UUID wakeId, WakeClaim claim) {
        String role = stores.wakes().role(tx, wakeId);
        Authority.require(tx, role);
        Agent agent = agents.lock(tx, role);
        Wake wake = stores.wakes().get(tx, wakeId);
        Wake.Run run = new Wake.Run(Authority.uuid(claim.runId()), claim.fence());
        if (!(wake instanceof Wake.InRun inRun) || !inRun.run().equals(run)) {
            throw fenced(wakeId, claim);
        }
        Agent.Pause pause = agent.pause();
        if (pause != null) {
            throw new CapitaniaException(ErrorCode.AGENT_PAUSED, role + " is " + pause.sentence());
        }
        Wake.Running running = switch (inRun) {
            case Wake.Published published -> {
                stores.runs().claimed(tx, run.runId(), claim.instance());
                bells.all(tx);
                yield stores.wakes().save(tx, published.claim());
            }
            case Wake.Running again -> {
                if (!claim.instance().equals(stores.runs().get(tx, run.runId()).instance())) {
                    throw fenced(wakeId, claim);
                }
                yield again;
            }
            // The record was published, so the state is stored: only a forged claim gets here.
            case Wake.Fenced early -> throw fenced(wakeId, claim);
        };
        if (stores.leases().renew(tx, role, run, config.lease()).isEmpty()) {
            throw fenced(wakeId, claim);
        }
        agents.touch(tx, role);
        return running;
    }

    private static CapitaniaException fenced(UUID wakeId, WakeClaim claim) {
        return new CapitaniaException(
                ErrorCode.FENCED,
                "run " + claim.runId() + " with fence " + claim.fence() + " is not the current run of wake " + wakeId
                        + ", or another process has claimed it; drop it");
    }
}
