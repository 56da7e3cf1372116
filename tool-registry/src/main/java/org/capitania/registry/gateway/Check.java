package org.capitania.registry.gateway;

import java.util.Optional;
import org.capitania.servicekit.Tx;

/** One rule a call must pass; a refusal ends the call. Runs inside the transaction that journals the call, so what it saw still holds then. */
interface Check {
    Optional<Refusal> check(Attempt attempt, Tx tx);
}
