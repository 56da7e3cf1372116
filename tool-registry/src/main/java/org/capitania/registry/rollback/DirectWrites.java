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
     * @param file what it did to a file; null when it did nothing to one
     */
    record Write(
            String callId,
            String actor,
            String tool,
            @Nullable String nodeId,
            @Nullable JsonNode file) {
        boolean agents() {
            return actor.startsWith("agent:");
        }
    }

    /** Empty for what no call of a tool wrote, and for what a person approved. */
    Optional<Write> find(Scope scope, String auditEventId) {
        return sql.tx(
                scope,
                tx -> tx.one("""
                                SELECT c.call_id, c.actor, c.tool, c.output::text AS output, e.effect::text AS effect
                                  FROM calls c LEFT JOIN effects e
                                    ON e.tenant_id = c.tenant_id AND e.effect_id = c.call_id AND c.tool IN ('file_write', 'file_edit')
                                 WHERE c.status = 'done' AND (c.audit_event_id = $1 OR (c.call_id = $1 AND e.effect_id IS NOT NULL))
                                 LIMIT 1
                                """, auditEventId).map(row -> {
                    String effect = row.getString("effect");
                    JsonNode output = Json.read(row.getString("output"), JsonNode.class);
                    return new Write(
                            row.getString("call_id"),
                            row.getString("actor"),
                            row.getString("tool"),
                            output.path("id").asText(null),
                            effect == null ? null : Json.read(effect, JsonNode.class));
                }));
    }
}
