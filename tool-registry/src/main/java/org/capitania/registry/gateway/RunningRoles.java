package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Whether whoever began a call may still go on with it. */
@ApplicationScoped
class RunningRoles {
    private final Runs runs;
    private final Gates gates;

    RunningRoles(Runs runs, Gates gates) {
        this.runs = runs;
        this.gates = gates;
    }

    boolean mayStillAct(Tx tx, String actor, @Nullable String runId) {
        if (!actor.startsWith("agent:")) {
            return true;
        }
        return runId != null
                && runs.lock(tx, runId).filter(Run::current).isPresent()
                && gates.before(tx, actor.substring("agent:".length())).isEmpty();
    }
}
