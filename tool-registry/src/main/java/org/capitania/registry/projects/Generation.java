package org.capitania.registry.projects;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Tenants;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Looks now and then whether the files that are made from the graph are still what the graph says. No model is involved. */
@ApplicationScoped
class Generation {
    private final GenerateProjects projects;
    private final GenerateIndexes indexes;
    private final Duration every;

    Generation(
            GenerateProjects projects,
            GenerateIndexes indexes,
            @ConfigProperty(name = "hq.projects.every", defaultValue = "5m") Duration every) {
        this.projects = projects;
        this.indexes = indexes;
        this.every = every;
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every("projects-" + tenant, every, () -> look(tenant)));
    }

    private void look(String tenant) {
        try {
            int written = projects.look(tenant) + indexes.look(tenant);
            if (written > 0) {
                Log.infof("files made from the graph tenant=%s files=%d", tenant, written);
            }
        } catch (CapitaniaException e) {
            if (!e.code().type().retryable()) {
                throw e;
            }
            Log.debugf("files wait for the graph tenant=%s why=%s", tenant, e.detail());
        }
    }
}
