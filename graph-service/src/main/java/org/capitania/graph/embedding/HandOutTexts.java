package org.capitania.graph.embedding;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Embeddings;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Hands out what a model still has to embed. A model that is new walks through all nodes first, a piece each time; one that has caught up
 * takes over from the one before, whose vectors then go.
 */
@ApplicationScoped
class HandOutTexts {
    private static final int MOST = 500;
    private static final int USUAL = 32;
    private static final int PIECE = 1000;

    private static final String REGISTER = """
            INSERT INTO embedding_models (model, dimensions, state)
            SELECT $1, $2, CASE WHEN EXISTS (SELECT 1 FROM embedding_models WHERE tenant_id = current_tenant() AND state = 'current')
                                THEN 'filling' ELSE 'current' END
            ON CONFLICT (tenant_id, model) DO UPDATE SET state = 'filling', walked_to = NULL, walked_at = NULL, created_at = clock_timestamp()
             WHERE embedding_models.state = 'retired'
            """;

    /** One that was begun and is not wanted any more would be handed texts that nobody asks for. */
    private static final String GIVE_UP =
            "UPDATE embedding_models SET state = 'retired' WHERE tenant_id = current_tenant() AND state = 'filling' AND model <> $1";

    /** A walk begins anew after a day: a node made while a model was being registered by another transaction would never be found. */
    private static final String WALK = """
            WITH walk AS (
                SELECT model, coalesce(walked_to, '00000000-0000-0000-0000-000000000000') AS after
                  FROM embedding_models
                 WHERE tenant_id = current_tenant() AND model = $1 AND (walked_at IS NULL OR walked_to IS NOT NULL OR walked_at < clock_timestamp() - interval '1 day')
                   FOR UPDATE
            ), piece AS MATERIALIZED (
                SELECT n.id, n.type, n.slug, n.props FROM walk, nodes AS n
                 WHERE n.tenant_id = current_tenant() AND n.id > walk.after
                 ORDER BY n.id LIMIT $2
            ), due AS (
                INSERT INTO embeddings_due (model, node_id, text_hash)
                SELECT $1, p.id, text_hash(embedded_text(p.type, p.slug, p.props))
                  FROM piece AS p
                 WHERE embedded_text(p.type, p.slug, p.props) IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM embeddings AS e WHERE e.tenant_id = current_tenant() AND e.model = $1 AND e.node_id = p.id
                                      AND e.text_hash = text_hash(embedded_text(p.type, p.slug, p.props)))
                ON CONFLICT DO NOTHING
            )
            UPDATE embedding_models AS m
               SET walked_to = CASE WHEN (SELECT count(*) FROM piece) = $2 THEN (SELECT max(p.id::text)::uuid FROM piece AS p) END,
                   walked_at = CASE WHEN (SELECT count(*) FROM piece) < $2 THEN clock_timestamp() ELSE m.walked_at END
              FROM walk
             WHERE m.tenant_id = current_tenant() AND m.model = walk.model
            """;

    private static final String TAKE = """
            WITH next AS (
                SELECT d.node_id FROM embeddings_due AS d
                 WHERE d.tenant_id = current_tenant() AND d.model = $1 AND d.failures < 8 AND d.not_before <= clock_timestamp()
                 ORDER BY d.not_before LIMIT $2
                   FOR UPDATE SKIP LOCKED
            ), taken AS (
                UPDATE embeddings_due AS d SET not_before = clock_timestamp() + interval '2 minutes'
                  FROM next WHERE d.tenant_id = current_tenant() AND d.model = $1 AND d.node_id = next.node_id
                RETURNING d.node_id, d.text_hash
            )
            SELECT t.node_id, t.text_hash, embedded_text(n.type, n.slug, n.props) AS words
              FROM taken AS t
              JOIN nodes AS n ON n.tenant_id = current_tenant() AND n.id = t.node_id
            """;

    private static final String STATE = """
            SELECT m.state, m.walked_at IS NOT NULL AND m.walked_to IS NULL AS walked,
                   (SELECT c.model FROM embedding_models AS c WHERE c.tenant_id = current_tenant() AND c.state = 'current') AS current,
                   EXISTS (SELECT 1 FROM embeddings_due AS d WHERE d.tenant_id = current_tenant() AND d.model = m.model AND d.failures < 8) AS due
              FROM embedding_models AS m
             WHERE m.tenant_id = current_tenant() AND m.model = $1
            """;

    private static final String RETIRE =
            "UPDATE embedding_models SET state = 'retired' WHERE tenant_id = current_tenant() AND state = 'current'";
    private static final String TAKE_OVER =
            "UPDATE embedding_models SET state = 'current' WHERE tenant_id = current_tenant() AND model = $1";
    private static final String FORGET_DUE = """
            DELETE FROM embeddings_due AS d USING embedding_models AS m
             WHERE m.tenant_id = current_tenant() AND m.state = 'retired' AND d.tenant_id = m.tenant_id AND d.model = m.model
            """;
    private static final String FORGET_VECTORS = """
            DELETE FROM embeddings AS e
             USING (SELECT v.model, v.node_id FROM embeddings AS v JOIN embedding_models AS m ON m.tenant_id = v.tenant_id AND m.model = v.model
                     WHERE v.tenant_id = current_tenant() AND m.state = 'retired' LIMIT $1) AS old
             WHERE e.tenant_id = current_tenant() AND e.model = old.model AND e.node_id = old.node_id
            """;

    private final Sql sql;
    private final EmbeddingQueries queries;

    HandOutTexts(Sql sql, EmbeddingQueries queries) {
        this.sql = sql;
        this.queries = queries;
    }

    Embeddings.Work handOut(Scope scope, Embeddings.Ask ask) {
        if (ask.model() == null || ask.model().isBlank() || ask.dimensions() < 1 || ask.dimensions() > Vectors.WIDTH) {
            String allowed = "a model and its dimensions, 1 to " + Vectors.WIDTH;
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "expected " + allowed,
                    List.of(new FieldError("/model", ask.model(), allowed, "expected " + allowed)));
        }
        int limit = ask.limit() == null ? USUAL : Math.clamp(ask.limit(), 1, MOST);
        Embeddings.Work work = sql.tx(scope, tx -> work(tx, ask, limit));
        queries.forget(scope.tenant());
        return work;
    }

    private static Embeddings.Work work(Tx tx, Embeddings.Ask ask, int limit) {
        String model = ask.model();
        if (ask.takeUp()) {
            tx.query("SELECT make_embeddings_partition()");
            tx.execute(REGISTER, model, ask.dimensions());
            tx.execute(GIVE_UP, model);
            tx.execute(WALK, model, PIECE);
        }
        List<Embeddings.Text> texts = new ArrayList<>();
        for (Row row : tx.query(TAKE, model, limit)) {
            texts.add(new Embeddings.Text(
                    row.getUUID("node_id").toString(), row.getString("text_hash"), row.getString("words")));
        }
        Optional<Row> known = tx.one(STATE, model);
        if (known.isEmpty()) {
            return new Embeddings.Work(model, null, null, false, texts);
        }
        boolean walked = known.get().getBoolean("walked");
        String state = known.get().getString("state");
        String current = known.get().getString("current");
        if (walked && state.equals("filling") && !known.get().getBoolean("due")) {
            tx.execute(RETIRE);
            tx.execute(TAKE_OVER, model);
            state = "current";
            current = model;
        }
        tx.execute(FORGET_DUE);
        tx.execute(FORGET_VECTORS, PIECE);
        return new Embeddings.Work(model, state, current, !texts.isEmpty() || !walked, texts);
    }
}
