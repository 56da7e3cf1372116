package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.api.ActionView;
import org.capitania.embedding.Embedder;
import org.capitania.embedding.EmbeddingConfig;
import org.capitania.registry.ledger.ActionQueries.Filter;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Finds acts by what they were about. What has no vector yet is not found; where none can be made of the words, the call says so. */
@ApplicationScoped
public class SimilarActions {
    private final Sql sql;
    private final ActionQueries queries;
    private final Embedder embedder;
    private final EmbeddingConfig.Provider provider;

    SimilarActions(Sql sql, ActionQueries queries, Embedder embedder, EmbeddingConfig config) {
        this.sql = sql;
        this.queries = queries;
        this.embedder = embedder;
        this.provider = config.provider();
    }

    /**
     * An act that is like some words.
     *
     * @param similarity the cosine, 1 at most; what counts as alike differs from model to model
     */
    public record Similar(ActionView action, double similarity) {}

    /** The acts most like the words, best first. */
    public List<Similar> like(Scope scope, Filter filter, String words) {
        String vector = ActionVectors.literal(embedder.query(provider.model(), words));
        return sql.tx(scope, tx -> queries.like(tx, filter, provider.model(), vector));
    }
}
