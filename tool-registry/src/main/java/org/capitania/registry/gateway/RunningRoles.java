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

    boolean mayStillAct(Tx tx, JournalRow row) {
        String actor = row.actor();
        if (Call.person(actor)) {
            return true;
        }
        String run = row.runId();
        boolean inRun = actor.startsWith("agent:");
        return (!inRun
                        || (run != null
                                && runs.lock(tx, run).filter(Run::current).isPresent()))
                && gates.before(tx, Call.role(actor)).isEmpty()
                && (row.idempotency().equals("read") || freezes.standing(tx).isEmpty());
    }
}
