package org.capitania.supervisor.roster;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Gives every tenant its agents when the service starts. */
@ApplicationScoped
class RosterSetup {
    private final Sql sql;
    private final Tenants tenants;
    private final AgentStore agents;

    RosterSetup(Sql sql, Tenants tenants, AgentStore agents) {
        this.sql = sql;
        this.tenants = tenants;
        this.agents = agents;
    }

    void start(@Observes StartupEvent event) {
        tenants.each(tenant -> {
            sql.run(Scope.of(tenant, "system:supervisor", "roster of the tenant"), agents::ensure);
        });
    }
}
