package org.capitania.supervisor.wakes;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;

/** Counts wakes and holds under the names of seeds 19.1. */
@ApplicationScoped
class WakeMetrics {
    private final MeterRegistry registry;

    WakeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void woken(String tenant, String role) {
        registry.counter("supervisor.wakes", "agent", role, "tenant", tenant).increment();
    }

    void held(String tenant, String role, String why) {
        Log.infof("wake held tenant=%s agent=%s why=%s", tenant, role, why);
        if (why.startsWith(Holds.MEMORY)) {
            registry.counter("supervisor.ram.aware.holds", "tenant", tenant).increment();
        }
    }
}
