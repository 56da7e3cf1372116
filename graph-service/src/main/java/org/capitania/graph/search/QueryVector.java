package org.capitania.graph.search;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.embedding.Embedder;
import org.capitania.graph.embedding.EmbeddingQueries;
import org.capitania.graph.embedding.Vectors;
import org.capitania.servicekit.Scope;

/** The vector of the words of a search, of the model whose vectors the tenant's nodes have; a search never fails for want of it. */
@ApplicationScoped
class QueryVector {
    private final EmbeddingQueries models;
    private final Embedder embedder;

    QueryVector(EmbeddingQueries models, Embedder embedder) {
        this.models = models;
        this.embedder = embedder;
    }

    /** What came of it. */
    sealed interface Answer {}

    /** @param vector in the form the database reads */
    record Found(String model, String vector) implements Answer {}

    /** @param why for the caller */
    record Missing(String why) implements Answer {}

    Answer of(Scope scope, String words) {
        Optional<String> model = models.current(scope);
        if (model.isEmpty()) {
            return new Missing("searched by words and names alone: nothing is embedded yet");
        }
        try {
            return new Found(model.get(), Vectors.literal(embedder.query(model.get(), words)));
        } catch (CapitaniaException e) {
            Log.debugf("search without vectors tenant=%s model=%s why=%s", scope.tenant(), model.get(), e.detail());
            return new Missing("searched by words and names alone: " + e.detail());
        }
    }
}
