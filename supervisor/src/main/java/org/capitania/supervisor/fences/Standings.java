package org.capitania.supervisor.fences;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
    private final Gateway gateway;
    private final Clock clock;
    private final FencesConfig config;
    private final Map<String, Seen> known = new ConcurrentHashMap<>();

    private record Seen(BudgetStanding standing, Instant until) {}

    Standings(Gateway gateway, Clock clock, FencesConfig config) {
        this.gateway = gateway;
        this.clock = clock;
        this.config = config;
    }

    /** Empty when the gateway does not say: it is asked to open the run next, and refuses the call itself. */
    public Optional<BudgetStanding> of(Scope scope, String role) {
        String key = scope.tenant() + "/" + role;
        Seen seen = known.get(key);
        if (seen != null && clock.instant().isBefore(seen.until())) {
            return Optional.of(seen.standing());
        }
        try {
            BudgetStanding now = gateway.standing(scope, role);
            known.put(key, new Seen(now, clock.instant().plus(config.standing())));
            return Optional.of(now);
        } catch (CapitaniaException e) {
            Log.debugf("standing unknown tenant=%s agent=%s why=%s", scope.tenant(), role, e.detail());
            return Optional.empty();
        }
    }

    /** What it said last, however long ago. */
    public Optional<BudgetStanding> last(String tenant, String role) {
        return Optional.ofNullable(known.get(tenant + "/" + role)).map(Seen::standing);
    }
}
