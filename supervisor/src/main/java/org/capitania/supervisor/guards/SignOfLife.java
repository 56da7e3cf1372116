package org.capitania.supervisor.guards;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.HeartbeatRequest;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.supervisor.wakes.Dispatcher;

/** Tells the gateway, for every tenant, that the supervisor lives, as long as it really dispatches. */
@ApplicationScoped
class SignOfLife {
    private final Peers peers;
    private final Tenants tenants;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final GuardsConfig config;
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();

    SignOfLife(Peers peers, Tenants tenants, Dispatcher dispatcher, Clock clock, GuardsConfig config) {
        this.peers = peers;
        this.tenants = tenants;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        tenants.ids().forEach(tenant -> loops.every("sign-of-life-" + tenant, config.beat(), () -> beat(tenant)));
    }

    private void beat(String tenant) {
        if (dispatcher.lastRound(tenant).plus(config.asleep()).isBefore(clock.instant())) {
            Log.errorf(
                    "no wake has been looked for since %s; the gateway is not told that the supervisor lives tenant=%s",
                    dispatcher.lastRound(tenant), tenant);
            return;
        }
        try {
            peers.post(
                    Service.TOOL_REGISTRY,
                    "/v1/heartbeats",
                    Scope.of(tenant, "system:supervisor", null),
                    new HeartbeatRequest(Service.SUPERVISOR.wireName()),
                    Void.class);
            unheard.remove(tenant);
        } catch (CapitaniaException e) {
            // Not thrown on: a loop that fails slows down, and this one must be heard as soon as the gateway is back.
            if (unheard.add(tenant)) {
                Log.warnf("the gateway does not hear the supervisor tenant=%s why=%s", tenant, e.detail());
            }
        }
    }
}
