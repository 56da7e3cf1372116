package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Every check, in the one order that holds: whose token, in which run; what a subagent was started with; curation; schema; whether it is there yet; freeze; budget; paths, hosts and commands. What is left
 * is the risk class, which decides between doing and freezing ({@link RiskRule}).
 */
@ApplicationScoped
class Checks {
    private final List<Check> inOrder;

    Checks(
            CallerCheck caller,
            RunCheck run,
            SubagentCheck subagent,
            CurationCheck curation,
            SchemaCheck schema,
            AvailabilityCheck availability,
            OwnerCheck owner,
            GateCheck gate,
            BudgetCheck budget,
            ReachCheck reach) {
        this.inOrder = List.of(caller, run, subagent, curation, schema, availability, owner, gate, budget, reach);
    }

    /** The first refusal, if there is one. */
    Optional<Refusal> first(Attempt attempt, Standing standing) {
        return inOrder.stream()
                .flatMap(check -> check.check(attempt, standing).stream())
                .findFirst();
    }
}
