package org.capitania.registry.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** The writes that agents made at once, found by the id of their mutation. */
@ApplicationScoped
class DirectWrites {
    private final Sql sql;

    DirectWrites(Sql sql) {
        this.sql = sql;
    }

    /**
     * A write.
     *
     * @param actor whose it was
     * @param nodeId the node it changed first; null when its answer names none
     */
    record Write(
            String callId,
            String actor,
            String tool,
            @Nullable String nodeId) {
        boolean agents() {
            return actor.startsWith("agent:");
        }
    }

    /** Empty for what no call of a tool wrote, and for what a person approved. */
    Optional<Write> find(Scope scope, String auditEventId) {
        return sql.tx(
                scope,
                tx -> tx.one("""
                                SELECT call_id, actor, tool, output::text AS output FROM calls WHERE audit_event_id = $1 AND status = 'done'
                                """, auditEventId).map(row -> {
                    JsonNode output = Json.read(row.getString("output"), JsonNode.class);
                    return new Write(
                            row.getString("call_id"),
                            row.getString("actor"),
                            row.getString("tool"),
                            output.path("id").asText(null));
                }));
    }
}
