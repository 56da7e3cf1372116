package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.handler.Call;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Looks once more right before an agent's change is made: a call may have waited for a peer since it was admitted, and what was frozen, paused
 * or killed meanwhile holds for it too (invariant 24).
 */
@ApplicationScoped
class LastLook {
    private final Sql sql;
    private final Runs runs;
    private final Gates gates;
    private final Freezes freezes;

    LastLook(Sql sql, Runs runs, Gates gates, Freezes freezes) {
        this.sql = sql;
        this.runs = runs;
        this.gates = gates;
        this.freezes = freezes;
    }

    /** Throws when the change may not be made now. */
    void require(Call call) {
        if (!call.human() && call.verb().changes()) {
            sql.run(call.scope(), tx -> require(tx, call));
        }
    }

    /** Whether the run of an agent's call is over. */
    boolean runIsOver(Tx tx, Call call) {
        String run = call.runId();
        return call.actor().startsWith("agent:")
                && (run == null || runs.lock(tx, run).filter(Run::current).isEmpty());
    }

    /** The same inside the transaction of an INTENT. */
    void require(Tx tx, Call call) {
        if (call.human()) {
            return;
        }
        if (runIsOver(tx, call)) {
            throw new CapitaniaException(ErrorCode.FENCED, "run " + call.runId() + " is over")
                    .withHint("stop here; the supervisor wakes you again if there is anything to do");
        }
        gates.before(tx, runs.role(tx, call.actor(), call.runId())).ifPresent(gate -> {
            throw new CapitaniaException(gate.code(), call.actor() + " may not act now: " + gate.reason())
                    .withHint("stop here; only the owner can lift it");
        });
        freezes.requireThawed(tx);
    }
}
