package org.capitania.cli.fleet;

import java.time.Duration;
import java.util.Map;
import org.capitania.cli.call.Fleet;
import org.capitania.contract.Service;

/** A link that signs the owner in at the console: good once, for 15 minutes. */
final class SignInLink {
    private static final Duration GOOD_FOR = Duration.ofMinutes(15);

    private SignInLink() {}

    static String of(Fleet fleet) {
        String ticket = fleet.ownerKey()
                .sign(Service.APPROVAL_SERVICE.wireName(), fleet.tenant(), GOOD_FOR, Map.of("use", "sign-in"));
        return fleet.url(Service.APPROVAL_SERVICE) + "/sign-in?ticket=" + ticket;
    }
}
