package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.catalogue.Verb;

/** What is defined but not there yet says so, and with what it comes; it is never frozen for a day when it might work. */
@ApplicationScoped
class AvailabilityCheck implements Check {

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        Verb verb = a.known().verb(a.arguments());
        if (verb.notYet() == null) {
            return Optional.empty();
        }
        String what = verb.name().equals(a.tool()) ? a.tool() : "action " + verb.name() + " of " + a.tool();
        return Optional.of(Refusal.of(
                ErrorCode.NOT_AVAILABLE_YET,
                what + " is not available yet: " + verb.notYet(),
                "do without it; hq_tools says what there is"));
    }
}
