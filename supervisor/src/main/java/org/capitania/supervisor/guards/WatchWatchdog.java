package org.capitania.supervisor.guards;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.event.GuardianChanged;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Looks whether the watchdog lives, and says so once when it stops or is back ({@code agent.guardian_changed}). */
@ApplicationScoped
class WatchWatchdog {
    private static final String COMPONENT = Service.WATCHDOG.wireName();

    private final Peers peers;
    private final Sql sql;
    private final Tenants tenants;
    private final Clock clock;
    private final GuardsConfig config;
    private final AtomicInteger up;
    private Instant lastSeen = Instant.MAX;
    private boolean down;

    /** The tenants whose last word was that it is down. */
    private final Set<String> told = new HashSet<>();

    WatchWatchdog(Peers peers, Sql sql, Tenants tenants, Clock clock, GuardsConfig config, MeterRegistry registry) {
        this.peers = peers;
        this.sql = sql;
        this.tenants = tenants;
        this.clock = clock;
        this.config = config;
        this.up = registry.gauge("supervisor.watchdog.up", new AtomicInteger(1));
    }

    void start(@Observes StartupEvent event, Loops loops) {
        lastSeen = clock.instant();
        loops.every("watch-watchdog", config.look(), this::look);
    }

    private void look() {
        boolean alive = alive();
        Instant now = clock.instant();
        if (alive) {
            lastSeen = now;
        }
        boolean nowDown = !alive && (down || lastSeen.plus(config.silence()).isBefore(now));
        if (nowDown != down) {
            note(nowDown);
        }
        tenants.each(tenant -> tell(tenant, nowDown));
    }

    private boolean alive() {
        try {
            Scope scope = Scope.of(tenants.ids().getFirst(), "system:supervisor", null);
            peers.get(Service.WATCHDOG, "/q/health/live", scope, JsonNode.class);
            return true;
        } catch (CapitaniaException e) {
            Log.debugf("watchdog does not answer: %s", e.detail());
            return false;
        }
    }

    private void note(boolean nowDown) {
        down = nowDown;
        up.set(nowDown ? 0 : 1);
        if (nowDown) {
            Log.errorf("the watchdog has not answered since %s; gated acts stop until it is back", lastSeen);
        } else {
            Log.info("the watchdog is back");
        }
    }

    /** Once a change; who could not be told is told in the next round. */
    private void tell(String tenant, boolean nowDown) {
        if (told.contains(tenant) == nowDown) {
            return;
        }
        String state = nowDown ? "down" : "up";
        sql.run(
                Scope.of(tenant, "system:supervisor", "the watchdog is " + state),
                tx -> tx.publish(GuardianChanged.TYPE, COMPONENT, new GuardianChanged(COMPONENT, state, lastSeen)));
        if (nowDown) {
            told.add(tenant);
        } else {
            told.remove(tenant);
        }
    }
}
