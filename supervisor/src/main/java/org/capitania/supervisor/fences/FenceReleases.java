package org.capitania.supervisor.fences;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;

/** Closes finished runs at the gateway: noted in the transaction that ends the run, told until the gateway has heard it. */
@ApplicationScoped
public class FenceReleases {
    private final Sql sql;
    private final Tenants tenants;
    private final Gateway gateway;
    private final Loops loops;

    FenceReleases(Sql sql, Tenants tenants, Gateway gateway, Loops loops) {
        this.sql = sql;
        this.tenants = tenants;
        this.gateway = gateway;
        this.loops = loops;
    }

    void start(@Observes StartupEvent event) {
        tenants.ids().forEach(tenant -> loops.every(loop(tenant), Duration.ofSeconds(5), () -> tell(tenant)));
    }

    /** Notes that a run is over. */
    public void add(Tx tx, UUID runId) {
        tx.put("INSERT INTO fence_releases (run_id) VALUES ($1) ON CONFLICT DO NOTHING", runId);
        tx.afterCommit(() -> loops.wake(loop(tx.scope().tenant())));
    }

    private static String loop(String tenant) {
        return "fence-releases-" + tenant;
    }

    private void tell(String tenant) {
        Scope scope = Scope.of(tenant, "system:supervisor", "the run is over");
        try {
            for (UUID run : sql.read(scope, FenceReleases::pending)) {
                gateway.close(scope, run);
                sql.run(scope, tx -> tx.execute("DELETE FROM fence_releases WHERE run_id = $1", run));
            }
        } catch (CapitaniaException e) {
            // The rows stay; a higher fence ends the old run as well.
            Log.warnf("ended runs are told later tenant=%s why=%s", tenant, e.detail());
        }
    }

    private static List<UUID> pending(Tx tx) {
        List<UUID> runs = new ArrayList<>();
        tx.query("SELECT run_id FROM fence_releases ORDER BY created_at LIMIT 100")
                .forEach(row -> runs.add(row.getUUID("run_id")));
        return runs;
    }
}
