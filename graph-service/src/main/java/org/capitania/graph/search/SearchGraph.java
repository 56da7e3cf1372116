package org.capitania.graph.search;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.GraphSearch;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** Searches by full text and by names that look alike, and fuses the two by reciprocal rank. */
@ApplicationScoped
class SearchGraph {
    private static final List<String> MODES = List.of("text", "trigram");
    private static final int DEFAULT_LIMIT = 10;
    private static final int MOST = 50;
    /** What each way of searching may contribute. */
    private static final int CANDIDATES = 60;

    /** 60 is the constant of the paper on reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009). */
    private static final String SEARCH = """
            WITH asked AS MATERIALIZED (
                SELECT search_query($1) AS every_word, any_word_query($1) AS any_word
            ), every_word AS (
                SELECT n.id, rank() OVER (ORDER BY ts_rank_cd(n.full_text, (SELECT every_word FROM asked)) DESC) AS place
                  FROM v_nodes AS n
                 WHERE n.full_text @@ (SELECT every_word FROM asked)
                   AND n.archived_at IS NULL AND ($2::text[] IS NULL OR n.type = ANY ($2))
                 ORDER BY place LIMIT $4
            ), any_word AS (
                SELECT n.id, rank() OVER (ORDER BY ts_rank_cd(n.full_text, (SELECT any_word FROM asked)) DESC) AS place
                  FROM v_nodes AS n
                 WHERE n.full_text @@ (SELECT any_word FROM asked)
                   AND n.archived_at IS NULL AND ($2::text[] IS NULL OR n.type = ANY ($2))
                 ORDER BY place LIMIT $4
            ), alike AS (
                SELECT n.id, rank() OVER (ORDER BY greatest(public.word_similarity($1, n.title), public.word_similarity($1, n.slug)) DESC) AS place
                  FROM v_nodes AS n
                 WHERE ($1 OPERATOR(public.<%) n.title OR $1 OPERATOR(public.<%) n.slug)
                   AND n.archived_at IS NULL AND ($2::text[] IS NULL OR n.type = ANY ($2))
                 ORDER BY place LIMIT $4
            ), fused AS (
                SELECT r.id, sum(r.weight / (60 + r.place)) AS score
                  FROM (SELECT id, place, 1.0 AS weight FROM every_word
                        UNION ALL SELECT id, place, 0.5 FROM any_word
                        UNION ALL SELECT id, place, 1.0 FROM alike) AS r
                 GROUP BY r.id
                 ORDER BY score DESC, r.id DESC
                 LIMIT $3
            )
            SELECT n.id, n.slug, n.type, n.title, n.status, n.tainted, n.occurred_at, n.version, f.score::double precision AS score,
                   nullif(ts_headline(search_configuration(n.language), coalesce(node_text(n.props), ''), (SELECT any_word FROM asked),
                                      'StartSel=**, StopSel=**, MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter=" … "'), '') AS snippet
              FROM fused AS f
              JOIN v_nodes AS n ON n.id = f.id
             ORDER BY f.score DESC, n.id DESC
            """;

    private final Sql sql;
    private final TypeCatalogue types;

    SearchGraph(Sql sql, TypeCatalogue types) {
        this.sql = sql;
        this.types = types;
    }

    GraphSearch.Results search(Scope scope, GraphSearch search) {
        String words =
                search.query() == null ? "" : search.query().replace('\0', ' ').strip();
        if (words.isEmpty()) {
            throw fault("/query", "nothing", "words to search for");
        }
        List<String> wanted = search.types() == null ? List.of() : search.types();
        for (String type : wanted) {
            if (types.node(scope, type).isEmpty()) {
                throw fault("/types", type, "a type of GET /v1/types");
            }
        }
        int limit = search.limit() == null ? DEFAULT_LIMIT : Math.clamp(search.limit(), 1, MOST);
        List<GraphSearch.Hit> hits = sql.tx(scope, tx -> {
            List<GraphSearch.Hit> all = new ArrayList<>();
            String[] filter = wanted.isEmpty() ? null : wanted.toArray(String[]::new);
            for (Row row : tx.query(SEARCH, words, filter, limit, CANDIDATES)) {
                all.add(hit(row));
            }
            return all;
        });
        return new GraphSearch.Results(words, MODES, hits);
    }

    private static GraphSearch.Hit hit(Row row) {
        return new GraphSearch.Hit(
                row.getUUID("id").toString(),
                row.getString("slug"),
                row.getString("type"),
                row.getString("title"),
                row.getString("status"),
                row.getString("snippet"),
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
