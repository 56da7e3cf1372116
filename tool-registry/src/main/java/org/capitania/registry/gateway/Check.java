package org.capitania.registry.gateway;

import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.servicekit.Tx;

/** One of the things that are looked at before a call is let in. */
interface Check {
    /** Why the call is refused; empty when this check has nothing against it. Those before it have none either. */
    Optional<Refusal> check(Attempt attempt, Tx tx);

    /** Asks the store for what the check rests on, so that all checks wait for it once; the answer is asked for in their order, or not at all. */
    default Supplier<Optional<Refusal>> begin(Attempt attempt, Tx tx) {
        return () -> check(attempt, tx);
    }
}
