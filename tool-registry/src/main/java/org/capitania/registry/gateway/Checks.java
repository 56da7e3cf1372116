package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.servicekit.Tx;

/** Every check, in the one order that holds: who, in which run, with what grant, with what arguments, and behind which gate. */
@ApplicationScoped
class Checks {
    private final List<Check> inOrder;

    Checks(
            CallerCheck caller,
            RunCheck run,
            CurationCheck curation,
            SchemaCheck schema,
            OwnerCheck owner,
            GateCheck gate) {
        this.inOrder = List.of(caller, run, curation, schema, owner, gate);
    }

    /** The first refusal, if there is one. */
    Optional<Refusal> refuse(Attempt attempt, Tx tx) {
        return inOrder.stream()
                .flatMap(check -> check.check(attempt, tx).stream())
                .findFirst();
    }
}
