package org.capitania.graph.history;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Makes history's partitions ahead of time, and forgets what has run out: idempotency keys, checks that never ended. */
@ApplicationScoped
class HistoryUpkeep {
    private static final int MONTHS_AHEAD = 6;

    private final Sql sql;
    private final Tenants tenants;

    HistoryUpkeep(Sql sql, Tenants tenants) {
        this.sql = sql;
        this.tenants = tenants;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("history-upkeep", Duration.ofHours(6), this::run);
    }

    void run() {
        tenants.each(tenant -> {
            sql.run(Scope.of(tenant, "system:graph-service", "upkeep"), tx -> {
                int made = tx.one("SELECT make_history_partitions($1) AS made", MONTHS_AHEAD)
                        .orElseThrow()
                        .getInteger("made");
                int expired = tx.execute("DELETE FROM idempotency_keys WHERE expires_at <= clock_timestamp()");
                tx.execute("DELETE FROM scratch_rows WHERE created_at < clock_timestamp() - interval '1 day'");
                Log.debugf("upkeep tenant=%s partitions=%d expired_keys=%d", tenant, made, expired);
            });
        });
    }
}
