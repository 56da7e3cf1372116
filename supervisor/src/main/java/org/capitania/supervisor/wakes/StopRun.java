package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** Ends a run early: one that nobody has claimed at once, one that is going on with its next heartbeat. */
@ApplicationScoped
public class StopRun {
    private final Sql sql;
    private final Stores stores;
    private final AgentStore agents;
    private final SettleRun settle;
    private final Bells bells;

    StopRun(Sql sql, Stores stores, AgentStore agents, SettleRun settle, Bells bells) {
        this.sql = sql;
        this.stores = stores;
        this.agents = agents;
        this.settle = settle;
        this.bells = bells;
    }

    /**
     * Stops a run by its id.
     *
     * @param fault whether the run is at fault, so that what it leaves undone has lost an attempt and is begun again in a fresh session
     */
    void byId(Scope scope, UUID runId, String why, boolean fault) {
        sql.run(scope, tx -> {
            Run run = stores.runs().get(tx, runId);
            agents.lock(tx, run.role());
            Wake wake = stores.wakes().get(tx, run.wakeId());
            if (!(wake instanceof Wake.InRun inRun) || !inRun.run().runId().equals(runId)) {
                throw new CapitaniaException(ErrorCode.LEASE_LOST, "run " + runId + " is over already");
            }
            stop(tx, inRun, why, fault);
            if (fault) {
                agents.freshen(tx, run.role());
            }
        });
    }

    /** Stops whatever runs for a role because a person said so. The caller holds the lock of the role. */
    public void ofRole(Tx tx, String role, String why) {
        stores.wakes().active(tx, role).ifPresent(wake -> {
            if (wake instanceof Wake.InRun inRun) {
                stop(tx, inRun, why, false);
            }
        });
        bells.all(tx);
    }

    /** Makes due whatever of a role waits for a later time. The caller holds the lock of the role. */
    public void hasten(Tx tx, String role) {
        var now = stores.wakes().now(tx);
        stores.tasks().hastenAll(tx, role, now);
        stores.wakes().active(tx, role).ifPresent(wake -> {
            if (wake instanceof Wake.Open open) {
                stores.wakes().save(tx, open.noLaterThan(now));
            }
        });
        bells.all(tx);
    }

    private void stop(Tx tx, Wake.InRun wake, String why, boolean fault) {
        switch (wake) {
            case Wake.Running running ->
                stores.runs().requestStop(tx, running.run().runId(), tx.scope().actor(), why, fault);
            case Wake.Fenced fenced -> settle.settle(tx, fenced, SettleRun.End.silent("withdrawn", why, fault));
            case Wake.Published published ->
                settle.settle(tx, published, SettleRun.End.silent("withdrawn", why, fault));
        }
        bells.all(tx);
    }
}
