package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.servicekit.Tx;

/** Every check, in the one order that holds: who, in which run, behind which gate, with what grant, with what arguments. */
@ApplicationScoped
class Checks {
    private final List<Check> inOrder;

    Checks(CallerCheck caller, RunCheck run, GateCheck gate, CurationCheck curation, SchemaCheck schema) {
        this.inOrder = List.of(caller, run, gate, curation, schema);
    }

    /** The first refusal, if there is one. */
    Optional<Refusal> refuse(Attempt attempt, Tx tx) {
        return inOrder.stream()
                .flatMap(check -> check.check(attempt, tx).stream())
                .findFirst();
    }
}
