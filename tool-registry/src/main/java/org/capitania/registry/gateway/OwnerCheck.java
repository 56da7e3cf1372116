package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.PrincipalKind;

/** What only the owner may do takes the owner's own key: no other person's, and nobody's word for it. */
@ApplicationScoped
class OwnerCheck implements Check {

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        boolean ownerOnly = a.known().verb(a.arguments()).ownerOnly();
        if (!ownerOnly || a.caller().kind() == PrincipalKind.OWNER) {
            return Optional.empty();
        }
        return Optional.of(Refusal.of(
                ErrorCode.DENIED,
                "only the owner may " + a.action() + " with " + a.tool() + ", not "
                        + a.caller().principal(),
                "ask the owner"));
    }
}
