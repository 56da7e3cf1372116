package org.capitania.graph.search;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.GraphSearch;
import org.capitania.embedding.EmbeddingConfig.Provider;
import org.capitania.graph.node.NodeStore;
import org.capitania.graph.node.Ref;
import org.capitania.graph.search.SearchStatement.VectorLeg;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Searches by words, by names that look alike, and by meaning where vectors can be had; and fuses these by reciprocal rank. */
@ApplicationScoped
class SearchGraph {
    private static final List<String> BY_WORDS = List.of("text", "trigram");
    private static final List<String> BY_ALL = List.of("text", "trigram", "vector");
    private static final int DEFAULT_LIMIT = 10;
    private static final int MOST = 50;
    private static final double LEAST_OF_LOCAL = 0.52;
    static final String TUNE = """
            SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', $1, true),
                   set_config('hnsw.max_scan_tuples', $2, true)
            """;

    private final Sql sql;
    private final TypeCatalogue types;
    private final NodeStore nodes;
    private final QueryVector vectors;
    private final SearchConfig config;

    SearchGraph(Sql sql, TypeCatalogue types, NodeStore nodes, QueryVector vectors, SearchConfig config) {
        this.sql = sql;
        this.types = types;
        this.nodes = nodes;
        this.vectors = vectors;
        this.config = config;
    }

    GraphSearch.Results search(Scope scope, GraphSearch ask) {
        String words = ask.query() == null ? "" : ask.query().replace('\0', ' ').strip();
        if (words.isEmpty()) {
            throw fault("/query", "nothing", "words to search for");
        }
        for (String type : ask.types() == null ? List.<String>of() : ask.types()) {
            if (types.node(scope, type).isEmpty()) {
                throw fault("/types", type, "a type of GET /v1/types");
            }
        }
        return switch (vectors.of(scope, words)) {
            case QueryVector.Found(String model, String vector) -> {
                VectorLeg leg =
                        new VectorLeg(scope.tenant(), model, vector, config.exactUpTo(), leastSimilarity(model));
                yield new GraphSearch.Results(words, BY_ALL, null, hits(scope, words, ask, leg));
            }
            case QueryVector.Missing(String why) ->
                new GraphSearch.Results(words, BY_WORDS, why, hits(scope, words, ask, null));
        };
    }

    private double leastSimilarity(String model) {
        return config.leastSimilarity().orElse(model.equals(Provider.LOCAL.model()) ? LEAST_OF_LOCAL : -1);
    }

    private List<GraphSearch.Hit> hits(Scope scope, String words, GraphSearch ask, @Nullable VectorLeg leg) {
        int limit = ask.limit() == null ? DEFAULT_LIMIT : Math.clamp(ask.limit(), 1, MOST);
        return sql.tx(scope, tx -> {
            SearchStatement statement =
                    new SearchStatement(words, ask, limit, id(tx, ask.producer()), id(tx, ask.entity()));
            String text;
            if (leg == null) {
                text = statement.byWords();
            } else {
                tx.query(TUNE, Integer.toString(config.neighbours()), Integer.toString(config.scanned()));
                text = statement.byAll(leg);
            }
            List<GraphSearch.Hit> all = new ArrayList<>();
            for (Row row : tx.query(text, statement.args())) {
                all.add(hit(row));
            }
            return all;
        });
    }

    private @Nullable UUID id(Tx tx, @Nullable String ref) {
        return ref == null || ref.isBlank()
                ? null
                : UUID.fromString(nodes.brief(tx, ref)
                        .orElseThrow(() -> Ref.notFound(ref))
                        .id());
    }

    private static GraphSearch.Hit hit(Row row) {
        return new GraphSearch.Hit(
                row.getUUID("id").toString(),
                row.getString("slug"),
                row.getString("type"),
                row.getString("title"),
                row.getString("status"),
                Snippets.of(row.getString("snippet")),
                row.getDouble("score"),
                row.getBoolean("tainted"),
                Times.instantOrNull(row, "occurred_at"),
                row.getInteger("version"));
    }

    private static CapitaniaException fault(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, found, allowed, "expected " + allowed)));
    }
}
