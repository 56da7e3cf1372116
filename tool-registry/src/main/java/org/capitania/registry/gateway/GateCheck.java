package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.runs.Gates;
import org.capitania.servicekit.Tx;

/** A paused agent does nothing; while autonomy is frozen no agent changes anything, and all may read. */
@ApplicationScoped
class GateCheck implements Check {
    private final Gates gates;
    private final Freezes freezes;

    GateCheck(Gates gates, Freezes freezes) {
        this.gates = gates;
        this.freezes = freezes;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Tx tx) {
        return begin(a, tx).get();
    }

    @Override
    public Supplier<Optional<Refusal>> begin(Attempt a, Tx tx) {
        if (a.human()) {
            return Optional::empty;
        }
        Supplier<Optional<Gates.Closed>> gate = gates.ask(tx, a.role());
        return () -> judged(a, tx, gate.get());
    }

    private Optional<Refusal> judged(Attempt a, Tx tx, Optional<Gates.Closed> gate) {
        Optional<Refusal> closed = gate.map(found -> Refusal.of(
                found.code(),
                a.caller().principal() + " may not act now: " + found.reason(),
                "stop here; only the owner can lift it"));
        if (closed.isPresent() || !a.known().verb(a.arguments()).changes()) {
            return closed;
        }
        return freezes.stop(tx).map(why -> Refusal.of(ErrorCode.AUTONOMY_FROZEN, why, Freezes.HINT));
    }
}
