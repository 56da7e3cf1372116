package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.autonomy.Freezes;

/** A paused agent does nothing; while autonomy is frozen no agent changes anything, and all may read. */
@ApplicationScoped
class GateCheck implements Check {
    private final Freezes freezes;

    GateCheck(Freezes freezes) {
        this.freezes = freezes;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        if (a.human()) {
            return Optional.empty();
        }
        Optional<Refusal> closed = standing.gate()
                .map(found -> Refusal.of(
                        found.code(),
                        a.caller().principal() + " may not act now: " + found.reason(),
                        "stop here; only the owner can lift it"));
        if (closed.isPresent() || !a.known().verb(a.arguments()).changes()) {
            return closed;
        }
        return freezes.stop(standing.open()).map(why -> Refusal.of(ErrorCode.AUTONOMY_FROZEN, why, Freezes.HINT));
    }
}
