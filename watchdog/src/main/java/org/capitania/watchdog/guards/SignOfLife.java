package org.capitania.watchdog.guards;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.HeartbeatRequest;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.watchdog.checks.Rounds;

/** Tells the gateway, for every tenant, that the watchdog lives, as long as it really looks. */
@ApplicationScoped
class SignOfLife {
    private final Peers peers;
    private final Tenants tenants;
    private final Rounds rounds;
    private final Clock clock;
    private final GuardsConfig config;
    private boolean heard = true;

    SignOfLife(Peers peers, Tenants tenants, Rounds rounds, Clock clock, GuardsConfig config) {
        this.peers = peers;
        this.tenants = tenants;
        this.rounds = rounds;
        this.clock = clock;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("sign-of-life", config.beat(), this::beat);
    }

    private void beat() {
        if (rounds.lastRound().plus(config.asleep()).isBefore(clock.instant())) {
            Log.errorf(
                    "no check has been finished since %s; the gateway is not told that the watchdog lives",
                    rounds.lastRound());
            return;
        }
        try {
            tenants.each(tenant -> {
                peers.post(
                        Service.TOOL_REGISTRY,
                        "/v1/heartbeats",
                        Scope.of(tenant, "system:watchdog", null),
                        new HeartbeatRequest(Service.WATCHDOG.wireName()),
                        Void.class);
            });
            heard = true;
        } catch (CapitaniaException e) {
            // Not thrown on: a loop that fails slows down, and this one must be heard as soon as the gateway is back.
            if (heard) {
                Log.warnf("the gateway does not hear the watchdog: %s", e.detail());
            }
            heard = false;
        }
    }
}
