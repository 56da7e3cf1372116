package org.capitania.graph.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Erasure;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.ExactJson;
import org.capitania.graph.node.NodeStore;
import org.capitania.graph.node.Ref;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Destroys the keys of what a person's history is enciphered with, and empties what is live. */
@ApplicationScoped
class ErasePerson {
    private final Sql sql;
    private final Ids ids;
    private final NodeStore nodes;

    ErasePerson(Sql sql, Ids ids, NodeStore nodes) {
        this.sql = sql;
        this.ids = ids;
        this.nodes = nodes;
    }

    Erasure.Result run(Scope scope, String person) {
        NodeView.Brief contact = sql.tx(scope, tx -> nodes.brief(tx, person).orElseThrow(() -> Ref.notFound(person)));
        UUID mutation = ids.v7();
        try {
            JsonNode done = ExactJson.read(sql.call(
                            "SELECT erase_person($1, $2, $3, $4, $5)::text AS done",
                            scope.tenant(),
                            scope.actor(),
                            scope.because("erasure of a person's data").reason(),
                            UUID.fromString(contact.id()),
                            mutation)
                    .iterator()
                    .next()
                    .getString("done"));
            List<String> retained = new ArrayList<>();
            done.get("retained").forEach(id -> retained.add(id.textValue()));
            Log.infof(
                    "a person's data was erased tenant=%s actor=%s mutation=%s",
                    scope.tenant(), scope.actor(), mutation);
            return new Erasure.Result(
                    done.get("erased").intValue(),
                    done.get("redacted").intValue(),
                    done.get("edges").intValue(),
                    retained,
                    mutation.toString());
        } catch (PgException e) {
            throw failed(e, contact);
        }
    }

    private static RuntimeException failed(PgException e, NodeView.Brief contact) {
        return switch (String.valueOf(e.getSqlState())) {
            case "HQ008" ->
                new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION,
                        "person is a " + contact.type() + "; expected a contact",
                        List.of(new FieldError("/person", contact.type(), "a contact", "not a person")));
            case "40P01", "40001" ->
                new CapitaniaException(ErrorCode.VERSION_CONFLICT, "the person's data keeps changing; try again", e);
            default -> e;
        };
    }
}
