package org.capitania.registry.gateway;

import java.util.Optional;

/** One of the things that are looked at before a call is let in. */
interface Check {
    /** Why the call is refused; empty when this check has nothing against it. Those before it have none either. */
    Optional<Refusal> check(Attempt attempt, Standing standing);
}
