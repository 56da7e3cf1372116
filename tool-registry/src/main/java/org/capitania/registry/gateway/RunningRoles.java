package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.handler.Call;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Tx;

/** Whether whoever began a call may still go on with it. */
@ApplicationScoped
class RunningRoles {
    private final Runs runs;
    private final Gates gates;
    private final Freezes freezes;

    RunningRoles(Runs runs, Gates gates, Freezes freezes) {
        this.runs = runs;
        this.gates = gates;
        this.freezes = freezes;
    }

    /** Whether an agent's run is over for good, in which the call was made. */
    boolean runIsOver(Tx tx, JournalRow row) {
        String run = row.runId();
        return row.actor().startsWith("agent:")
                && (run == null || runs.lock(tx, run).filter(Run::current).isEmpty());
    }

    boolean mayStillAct(Tx tx, JournalRow row) {
        String actor = row.actor();
        if (Call.person(actor)) {
            return true;
        }
        return !runIsOver(tx, row)
                && gates.before(tx, runs.role(tx, actor, row.runId())).isEmpty()
                && (row.idempotency().equals("read") || freezes.standing(tx).isEmpty());
    }
}
