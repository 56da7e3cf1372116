package org.capitania.supervisor.wakes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.capitania.servicekit.Tenants;
import org.capitania.supervisor.roster.RosterConfig;

/** Counts wakes and holds under the names of seeds 19.1. */
@ApplicationScoped
class WakeMetrics {
    private final MeterRegistry registry;

    WakeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** There from the start: a counter that comes with its first event hides that event from a rate. */
    void start(@Observes StartupEvent event, Tenants tenants, RosterConfig roster) {
        for (String tenant : tenants.ids()) {
            holds(tenant);
            roster.roles().forEach(role -> wakes(tenant, role));
        }
    }

    void woken(String tenant, String role) {
        wakes(tenant, role).increment();
    }

    void held(String tenant, String role, String why) {
        Log.infof("wake held tenant=%s agent=%s why=%s", tenant, role, why);
        if (why.startsWith(Holds.MEMORY)) {
            holds(tenant).increment();
        }
    }

    private Counter wakes(String tenant, String role) {
        return registry.counter("supervisor.wakes", "agent", role, "tenant", tenant);
    }

    private Counter holds(String tenant) {
        return registry.counter("supervisor.ram.aware.holds", "tenant", tenant);
    }
}
