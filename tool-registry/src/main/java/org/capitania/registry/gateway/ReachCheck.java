package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.curation.Reach;

/** An agent's call stays within the paths, hosts and commands of its role. The tool itself looks again at what a path or a host turns out to be. */
@ApplicationScoped
class ReachCheck implements Check {
    private final Reach reach;

    ReachCheck(Reach reach) {
        this.reach = reach;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        if (a.human()) {
            return Optional.empty();
        }
        return reach.objection(a.acting(), a.known().verb(a.arguments()).changes(), a.arguments())
                .map(why -> Refusal.of(
                        ErrorCode.CROSS_SCOPE_VIOLATION,
                        why,
                        a.role().equals("operator")
                                ? "ask chief with hq_agent if it is a customer's file, or the owner"
                                : "ask operator with hq_agent"));
    }
}
