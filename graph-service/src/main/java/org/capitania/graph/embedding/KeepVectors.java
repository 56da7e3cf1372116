package org.capitania.graph.embedding;

import com.fasterxml.jackson.databind.node.ArrayNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.Embeddings;
import org.capitania.graph.node.Ref;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Keeps vectors of texts that are still what they were, and notes those that none could be made of. */
@ApplicationScoped
class KeepVectors {
    /** After so many failures a text is not handed out again until it changes. */
    static final int GIVEN_UP = 8;

    private static final String DIMENSIONS =
            "SELECT dimensions FROM embedding_models WHERE tenant_id = current_tenant() AND model = $1 AND state <> 'retired'";
    private static final String STORE = """
            WITH item AS (
                SELECT * FROM jsonb_to_recordset($2::text::jsonb) AS i(node_id uuid, text_hash text, vector text)
            ), done AS (
                DELETE FROM embeddings_due AS d USING item AS i
                 WHERE d.tenant_id = current_tenant() AND d.model = $1 AND d.node_id = i.node_id AND d.text_hash = i.text_hash
                RETURNING d.node_id, d.text_hash, i.vector
            )
            INSERT INTO embeddings (model, node_id, dimensions, text_hash, vector)
            SELECT $1, done.node_id, $3, done.text_hash, done.vector::public.vector FROM done
            ON CONFLICT (tenant_id, model, node_id)
            DO UPDATE SET dimensions = excluded.dimensions, text_hash = excluded.text_hash, vector = excluded.vector, embedded_at = clock_timestamp()
            """;
    private static final String FAILED = """
            UPDATE embeddings_due AS d
               SET failures = d.failures + 1, error = left($3, 500),
                   not_before = clock_timestamp() + interval '10 seconds' * (2 ^ d.failures)
             WHERE d.tenant_id = current_tenant() AND d.model = $1 AND d.node_id = $2
            """;

    private final Sql sql;

    KeepVectors(Sql sql) {
        this.sql = sql;
    }

    Embeddings.Stored keep(Scope scope, Embeddings.Vectors vectors) {
        return sql.tx(scope, tx -> {
            int dimensions = tx.one(DIMENSIONS, vectors.model())
                    .map(row -> row.getInteger("dimensions"))
                    .orElseThrow(() -> fault("/model", vectors.model(), "a model that texts were asked for"));
            ArrayNode items = Json.MAPPER.createArrayNode();
            for (Embeddings.Vector item : vectors.items() == null ? List.<Embeddings.Vector>of() : vectors.items()) {
                if (item.vector().size() != dimensions) {
                    throw fault("/items/vector", item.vector().size() + " numbers", dimensions + " numbers");
                }
                items.addObject()
                        .put("node_id", id(item.nodeId()).toString())
                        .put("text_hash", item.textHash())
                        .put("vector", Vectors.literal(item.vector()));
            }
            int stored = tx.execute(STORE, vectors.model(), Json.write(items), dimensions);
            for (Embeddings.Failure failure :
                    vectors.failed() == null ? List.<Embeddings.Failure>of() : vectors.failed()) {
                tx.execute(FAILED, vectors.model(), id(failure.nodeId()), failure.error());
            }
            return new Embeddings.Stored(stored);
        });
    }

    private static UUID id(String text) {
        return Ref.uuid(text).orElseThrow(() -> fault("/node_id", text, "the id of a node"));
    }

    private static CapitaniaException fault(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, found, allowed, "expected " + allowed)));
    }
}
