package org.capitania.graph.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.Rollback;
import org.capitania.graph.ExactJson;
import org.capitania.graph.node.Horizon;
import org.capitania.graph.projection.FocusCap;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Undoes a mutation, whole and exactly, as a mutation of its own. */
@ApplicationScoped
class RollBack {
    private final Sql sql;
    private final Ids ids;
    private final TypeCatalogue types;

    RollBack(Sql sql, Ids ids, TypeCatalogue types) {
        this.sql = sql;
        this.ids = ids;
        this.types = types;
    }

    Rollback.Result run(Scope scope, String mutationId) {
        UUID mutation = id(mutationId);
        UUID undo = ids.v7();
        String reason = "rollback of " + mutation + (scope.reason() == null ? "" : ": " + scope.reason());
        String bounds = Json.write(types.reread(scope).bounds());
        try {
            return sql.tx(scope.withReason(reason), tx -> {
                JsonNode done = ExactJson.read(tx.one(
                                "SELECT roll_back_whole($1, $2, $3, $4, $5, $6::text::jsonb)::text AS done",
                                scope.tenant(),
                                scope.actor(),
                                reason,
                                mutation,
                                undo,
                                bounds)
                        .orElseThrow()
                        .getString("done"));
                int nodes = done.get("nodes").intValue();
                int edges = done.get("edges").intValue();
                if (nodes + edges == 0) {
                    throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no mutation " + mutation);
                }
                RestoredEvents.publish(tx, undo);
                return new Rollback.Result(nodes, edges, undo.toString());
            });
        } catch (PgException e) {
            throw failed(e);
        }
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "mutation_id is " + text + "; expected the audit_event_id of a mutation",
                    List.of(new FieldError("/mutation_id", text, "an id", "not an id")));
        }
    }

    private static RuntimeException failed(PgException e) {
        String message = String.valueOf(e.getErrorMessage());
        return switch (String.valueOf(e.getSqlState())) {
            case "HQ007" ->
                new CapitaniaException(ErrorCode.VERSION_CONFLICT, message + "; undo what came later first", e);
            case "HQ004" -> new CapitaniaException(ErrorCode.CYCLE, "it would close a circle again: " + message, e);
            case "HQ030" -> FocusCap.isFull(message);
            case "HQ060" -> Horizon.removed(Instant.parse(message), "what this mutation changed");
            case "23505", "40P01", "40001" ->
                new CapitaniaException(
                        ErrorCode.VERSION_CONFLICT, "what it would put back is there already: " + message, e);
            default -> e;
        };
    }
}
