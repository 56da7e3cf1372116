package org.capitania.graph.embedding;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.api.Embeddings;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** Which models a tenant's vectors are of. */
@ApplicationScoped
public class EmbeddingQueries {
    private static final String CURRENT =
            "SELECT model FROM embedding_models WHERE tenant_id = current_tenant() AND state = 'current'";
    private static final String MODELS = """
            SELECT m.model, m.dimensions, m.state, m.created_at,
                   (SELECT count(*) FROM embeddings AS e WHERE e.tenant_id = m.tenant_id AND e.model = m.model) AS vectors,
                   (SELECT count(*) FROM embeddings_due AS d WHERE d.tenant_id = m.tenant_id AND d.model = m.model) AS waiting,
                   (SELECT count(*) FROM embeddings_due AS d WHERE d.tenant_id = m.tenant_id AND d.model = m.model AND d.failures >= $1) AS failed
              FROM embedding_models AS m
             WHERE m.tenant_id = current_tenant()
             ORDER BY m.state = 'current' DESC, m.created_at DESC
            """;
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private final Sql sql;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    EmbeddingQueries(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The model queries use; empty before anything is embedded. A switch is seen after five seconds at the latest. */
    public Optional<String> current(Scope scope) {
        Known before = known.get(scope.tenant());
        if (before != null && clock.instant().isBefore(before.until())) {
            return before.model();
        }
        Optional<String> model = sql.tx(scope, tx -> tx.one(CURRENT).map(row -> row.getString("model")));
        known.put(scope.tenant(), new Known(model, clock.instant().plus(REMEMBERED)));
        return model;
    }

    /** Lets the next question look again. */
    void forget(String tenant) {
        known.remove(tenant);
    }

    Embeddings models(Scope scope) {
        return new Embeddings(sql.tx(scope, tx -> {
            List<Embeddings.Model> models = new ArrayList<>();
            for (Row row : tx.query(MODELS, KeepVectors.GIVEN_UP)) {
                models.add(new Embeddings.Model(
                        row.getString("model"),
                        row.getInteger("dimensions"),
                        row.getString("state"),
                        row.getLong("vectors"),
                        row.getLong("waiting"),
                        row.getLong("failed"),
                        Times.instant(row, "created_at")));
            }
            return models;
        }));
    }

    private record Known(Optional<String> model, Instant until) {}
}
