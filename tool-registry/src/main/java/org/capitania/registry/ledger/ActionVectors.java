package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The vectors of acts, beside the chained table, and how far each model has come in it. */
@ApplicationScoped
class ActionVectors {
    /** The width of the column; a shorter vector is filled up with zeros. */
    private static final int WIDTH = 512;

    /**
     * An entry that a model has not looked at.
     *
     * @param wanted whether it is an agent's act that has no vector of this model
     */
    record Entry(long seq, String callId, boolean wanted, JsonNode body) {}

    /** The vector of an act. */
    record Vector(String callId, List<Float> numbers) {}

    /** The next entries, in order. */
    List<Entry> next(Tx tx, String model, int limit) {
        List<Entry> entries = new ArrayList<>();
        for (Row row : tx.query("""
                        SELECT a.seq, a.call_id, a.body::text AS body,
                               a.actor LIKE 'agent:%'
                               AND NOT EXISTS (SELECT 1 FROM action_embeddings e WHERE e.tenant_id = a.tenant_id AND e.call_id = a.call_id AND e.model = $1) AS wanted
                          FROM agent_actions a
                         WHERE a.seq > coalesce((SELECT seq FROM embedded_actions WHERE model = $1), 0)
                         ORDER BY a.seq LIMIT $2
                        """, model, limit)) {
            entries.add(new Entry(
                    row.getLong("seq"),
                    row.getString("call_id"),
                    row.getBoolean("wanted"),
                    Json.read(row.getString("body"), JsonNode.class)));
        }
        return entries;
    }

    /** Keeps vectors, and that the model has come as far as {@code seq}. */
    void keep(Tx tx, String model, long seq, List<Vector> vectors) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Vector vector : vectors) {
            rows.add(new Object[] {
                vector.callId(),
                model,
                vector.numbers().size(),
                wide(vector.numbers()).toArray(Float[]::new)
            });
        }
        tx.batch("""
                INSERT INTO action_embeddings (call_id, model, dimensions, embedding) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant_id, call_id) DO UPDATE
                   SET model = excluded.model, dimensions = excluded.dimensions, embedding = excluded.embedding, embedded_at = clock_timestamp()
                """, rows);
        tx.execute("""
                INSERT INTO embedded_actions (model, seq) VALUES ($1, $2)
                ON CONFLICT (tenant_id, model) DO UPDATE SET seq = greatest(embedded_actions.seq, excluded.seq)
                """, model, seq);
    }

    /** Writes down why an act has no vector of a model. */
    void setAside(Tx tx, String model, String callId, String why) {
        tx.execute(
                "INSERT INTO unembedded_actions (call_id, model, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                callId,
                model,
                why);
    }

    /** A vector as the database reads it. */
    static String literal(List<Float> vector) {
        return wide(vector).stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Float> wide(List<Float> vector) {
        if (vector.isEmpty() || vector.size() > WIDTH || !vector.stream().allMatch(Float::isFinite)) {
            throw new IllegalStateException("a vector of " + vector.size() + " numbers, expected 1 to " + WIDTH);
        }
        List<Float> wide = new ArrayList<>(vector);
        while (wide.size() < WIDTH) {
            wide.add(0f);
        }
        return wide;
    }
}
