package org.capitania.graph.projection;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/** Refreshes each projection of each tenant once it is too old; what was missed while the service was down is done at its start. */
@ApplicationScoped
class ProjectionUpkeep {
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final RefreshProjection refresh;
    private final ProjectionsConfig config;
    private final Tenants tenants;
    private final Clock clock;

    ProjectionUpkeep(RefreshProjection refresh, ProjectionsConfig config, Tenants tenants, Clock clock) {
        this.refresh = refresh;
        this.config = config;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("projections", LOOK, this::run);
    }

    void run() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, "system:graph-service", "the projections are refreshed");
            for (ProjectionTable projection : ProjectionTable.values()) {
                refresh.ifOlderThan(scope, projection, config.every(), clock.instant())
                        .ifPresent(done -> Log.debugf(
                                "projection refreshed tenant=%s name=%s rows=%d changed=%d",
                                tenant, done.name(), done.rows(), done.changed()));
            }
        });
    }
}
