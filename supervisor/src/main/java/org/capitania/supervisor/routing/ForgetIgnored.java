package org.capitania.supervisor.routing;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Lets go of why long past events were ignored; what was routed is kept. */
@ApplicationScoped
class ForgetIgnored {
    private final Sql sql;
    private final Tenants tenants;
    private final RoutingConfig config;

    ForgetIgnored(Sql sql, Tenants tenants, RoutingConfig config) {
        this.sql = sql;
        this.tenants = tenants;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("forget-ignored", Duration.ofHours(1), this::round);
    }

    private void round() {
        tenants.each(tenant -> {
            sql.run(
                    Scope.of(tenant, "system:supervisor", "retention"),
                    tx -> tx.execute("""
                            DELETE FROM routed_events
                            WHERE decision = 'ignored' AND at < clock_timestamp() - ($1 * interval '1 millisecond')
                            """, config.keepIgnored().toMillis()));
        });
    }
}
