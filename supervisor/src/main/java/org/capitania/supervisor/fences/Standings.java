package org.capitania.supervisor.fences;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Scope;

/**
 * What the gateway says about the roles' models: a wake that could call none would open a session only to close it. Asked while no
 * transaction is open, and only about a wake that is due.
 */
@ApplicationScoped
public class Standings {
    /** For so many times as long as an answer counts a good one is gone on with while another is asked for. */
    private static final int WITHOUT_WAITING = 12;

    private final Gateway gateway;
    private final Clock clock;
    private final FencesConfig config;
    private final Map<String, Seen> known = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();

    private record Seen(BudgetStanding standing, Instant at) {
        boolean good() {
            return standing.hold() == null && !standing.breaker();
        }
    }

    Standings(Gateway gateway, Clock clock, FencesConfig config) {
        this.gateway = gateway;
        this.clock = clock;
        this.config = config;
    }

    /**
     * Empty when the gateway does not say: it is asked to open the run next, and refuses the call itself. A wake does not wait for it to say
     * again what was good a moment ago.
     */
    public Optional<BudgetStanding> of(Scope scope, String role) {
        String key = key(scope.tenant(), role);
        Seen seen = known.get(key);
        Instant now = clock.instant();
        if (seen != null && now.isBefore(seen.at().plus(config.standing()))) {
            return Optional.of(seen.standing());
        }
        if (seen != null
                && seen.good()
                && now.isBefore(seen.at().plus(config.standing().multipliedBy(WITHOUT_WAITING)))) {
            if (asking.add(key)) {
                Thread.ofVirtual().name("standing-" + key).start(() -> {
                    try {
                        var unused = ask(scope, role);
                    } finally {
                        asking.remove(key);
                    }
                });
            }
            return Optional.of(seen.standing());
        }
        return ask(scope, role);
    }

    private Optional<BudgetStanding> ask(Scope scope, String role) {
        try {
            BudgetStanding now = gateway.standing(scope, role);
            known.put(key(scope.tenant(), role), new Seen(now, clock.instant()));
            return Optional.of(now);
        } catch (CapitaniaException e) {
            Log.debugf("standing unknown tenant=%s agent=%s why=%s", scope.tenant(), role, e.detail());
            return Optional.empty();
        }
    }

    private static String key(String tenant, String role) {
        return tenant + "/" + role;
    }

    /** What it said last, however long ago. */
    public Optional<BudgetStanding> last(String tenant, String role) {
        return Optional.ofNullable(known.get(key(tenant, role))).map(Seen::standing);
    }
}
