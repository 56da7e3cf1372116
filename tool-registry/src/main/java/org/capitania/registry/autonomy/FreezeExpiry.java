package org.capitania.registry.autonomy;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/** Looks every second for freezes whose time is over, so that everybody is told. */
@ApplicationScoped
class FreezeExpiry {
    private final Tenants tenants;
    private final Autonomy autonomy;

    FreezeExpiry(Tenants tenants, Autonomy autonomy) {
        this.tenants = tenants;
        this.autonomy = autonomy;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every(
                "freeze-expiry",
                Duration.ofSeconds(1),
                () -> tenants.each(tenant -> autonomy.expire(
                        Scope.of(tenant, "system:tool-registry", "the end that was set for a freeze"))));
    }
}
