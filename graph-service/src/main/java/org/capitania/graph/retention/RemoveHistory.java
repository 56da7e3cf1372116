package org.capitania.graph.retention;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.UUID;
import org.capitania.contract.api.Retention;
import org.capitania.graph.ExactJson;
import org.capitania.graph.node.Horizon;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Takes away, some ids at a time, the closed history that a company has chosen not to keep; each time journalled and told in one transaction. */
@ApplicationScoped
class RemoveHistory {
    /** So few that those who read the past, and wait meanwhile, wait a moment only. */
    private static final int IDS_AT_A_TIME = 200;

    private static final UUID FIRST = new UUID(0, 0);

    private final Sql sql;
    private final Tenants tenants;

    RemoveHistory(Sql sql, Tenants tenants) {
        this.sql = sql;
        this.tenants = tenants;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("history-retention", Duration.ofHours(6), this::everywhere);
    }

    void everywhere() {
        tenants.each(tenant -> {
            run(Scope.of(tenant, "system:graph-service", "retention"));
        });
    }

    Retention.Removal run(Scope scope) {
        int nodes = all(scope, "node");
        int edges = all(scope, "edge");
        if (nodes + edges > 0) {
            Log.infof("history was removed tenant=%s nodes=%d edges=%d", scope.tenant(), nodes, edges);
        }
        return sql.tx(scope, tx -> new Retention.Removal(nodes, edges, Horizon.of(tx)));
    }

    private int all(Scope scope, String kind) {
        int rows = 0;
        UUID after = FIRST;
        while (true) {
            JsonNode done = ExactJson.read(sql.call(
                            "SELECT remove_history($1, $2, $3, $4, $5, $6)::text AS done",
                            scope.tenant(),
                            scope.actor(),
                            scope.reason(),
                            kind,
                            after,
                            IDS_AT_A_TIME)
                    .iterator()
                    .next()
                    .getString("done"));
            rows += done.get("rows").intValue();
            if (!done.has("last")) {
                return rows;
            }
            after = UUID.fromString(done.get("last").textValue());
        }
    }
}
