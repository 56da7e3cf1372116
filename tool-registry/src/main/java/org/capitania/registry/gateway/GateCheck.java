package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.registry.runs.Gates;
import org.capitania.servicekit.Tx;

/** A paused agent does nothing, and nobody does anything while autonomy is frozen. */
@ApplicationScoped
class GateCheck implements Check {
    private final Gates gates;

    GateCheck(Gates gates) {
        this.gates = gates;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Tx tx) {
        if (a.human()) {
            return Optional.empty();
        }
        return gates.before(tx, a.role())
                .map(closed -> Refusal.of(
                        closed.code(),
                        "agent:" + a.role() + " may not act now: " + closed.reason(),
                        "stop here; only the owner can lift it"));
    }
}
