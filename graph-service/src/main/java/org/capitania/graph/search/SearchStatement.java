package org.capitania.graph.search;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.api.GraphSearch;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * The one statement of a search: its legs, each under the same filter, and their fusion by reciprocal rank. Nothing of a caller becomes
 * SQL text. 60 is the constant of the paper on that fusion (Cormack, Clarke and Büttcher, 2009).
 */
public final class SearchStatement {
    /** What each leg may contribute. */
    private static final int CANDIDATES = 60;
    /** So many matches are ranked, the newest of a word that is everywhere: to rank is to read the whole index entry of a node. */
    private static final int RANKED = 1000;

    private static final String AROUND = """
            , near AS (
                SELECT %1$s::uuid AS id
                UNION
                SELECT e.from_id FROM v_edges AS e WHERE e.to_id = %1$s AND e.type IN ('works_for', 'owned_by', 'covers') AND e.valid_to IS NULL
            ), around AS MATERIALIZED (
                SELECT e.from_id AS id FROM near AS b JOIN v_edges AS e ON e.to_id = b.id
                UNION
                SELECT e.to_id FROM near AS b JOIN v_edges AS e ON e.from_id = b.id
                UNION
                SELECT b.id FROM near AS b
            )""";

    /** What the agents' work leaves of itself: whatever is asked for, some of it has the words, so that it is found by its type only. */
    private static final String RECORDS = "{reasoning_trace,agent_run,agent_session}";

    private static final String WORDS = """
            , every_found AS (
                SELECT n.id, n.full_text FROM v_nodes AS n
                 WHERE n.full_text @@ (SELECT every_word FROM asked) AND {filter}
                 ORDER BY n.id DESC LIMIT {ranked}
            ), every_word AS MATERIALIZED (
                SELECT f.id, rank() OVER (ORDER BY ts_rank_cd(f.full_text, (SELECT every_word FROM asked)) DESC) AS place
                  FROM every_found AS f ORDER BY place LIMIT {candidates}
            ), any_found AS (
                SELECT n.id, n.full_text FROM v_nodes AS n
                 WHERE (SELECT count(*) FROM every_word) < {limit} AND n.full_text @@ (SELECT any_word FROM asked) AND {filter}
                 ORDER BY n.id DESC LIMIT {ranked}
            ), any_word AS (
                SELECT f.id, rank() OVER (ORDER BY ts_rank_cd(f.full_text, (SELECT any_word FROM asked)) DESC) AS place
                  FROM any_found AS f ORDER BY place LIMIT {candidates}
            ), alike AS (
                SELECT n.id, rank() OVER (ORDER BY greatest(public.word_similarity({words}, n.title), public.word_similarity({words}, n.slug)) DESC) AS place
                  FROM v_nodes AS n
                 WHERE ({words} OPERATOR(public.<%) n.title OR {words} OPERATOR(public.<%) n.slug) AND {filter}
                 ORDER BY place LIMIT {candidates}
            )""";

    /**
     * Few under the filter are all compared, many are asked of the index; which, the number of them says while the statement runs. Adding 0
     * keeps the first from using the index.
     */
    private static final String VECTORS = """
            , under_filter AS MATERIALIZED (
                SELECT n.id FROM v_nodes AS n WHERE {filter} LIMIT {exact} + 1
            ), compared AS (
                SELECT e.node_id AS id, e.vector OPERATOR(public.<=>) {vector}::text::public.vector AS distance
                  FROM under_filter AS u
                  JOIN v_embeddings AS e ON e.tenant_id = {tenant} AND e.model = {model} AND e.node_id = u.id
                 WHERE (SELECT count(*) FROM under_filter) <= {exact}
                 ORDER BY (e.vector OPERATOR(public.<=>) {vector}::text::public.vector) + 0 LIMIT {candidates}
            ), nearest AS (
                SELECT e.node_id AS id, e.vector OPERATOR(public.<=>) {vector}::text::public.vector AS distance
                  FROM v_embeddings AS e
                  JOIN v_nodes AS n ON n.id = e.node_id
                 WHERE (SELECT count(*) FROM under_filter) > {exact} AND e.tenant_id = {tenant} AND e.model = {model} AND {filter}
                 ORDER BY e.vector OPERATOR(public.<=>) {vector}::text::public.vector LIMIT {candidates}
            ), meant AS (
                SELECT v.id, rank() OVER (ORDER BY v.distance) AS place
                  FROM (SELECT * FROM compared UNION ALL SELECT * FROM nearest) AS v
                 WHERE v.distance <= {farthest}
            )""";

    private static final String FUSION = """
            , fused AS (
                SELECT r.id, sum(r.weight / (60 + r.place)) AS score
                  FROM ({legs}) AS r
                 GROUP BY r.id
                 ORDER BY score DESC, r.id DESC
                 LIMIT {limit}
            )
            SELECT n.id, n.slug, n.type, n.title, n.status, n.tainted, n.occurred_at, n.version, f.score::double precision AS score,
                   ts_headline(search_configuration(n.language), translate(left(coalesce(node_text(n.props), ''), 50000), {marks}, ''),
                               (SELECT marked FROM asked),
                               'StartSel=' || left({marks}, 1) || ', StopSel=' || right({marks}, 1)
                               || ', MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter=" … "') AS snippet
              FROM fused AS f
              JOIN v_nodes AS n ON n.id = f.id
             ORDER BY f.score DESC, n.id DESC
            """;

    private final List<@Nullable Object> args = new ArrayList<>();
    private final StringBuilder filter = new StringBuilder("n.archived_at IS NULL");
    private final String words;
    private final String limit;
    private final String around;

    /**
     * @param producer the id of the producer asked for
     * @param entity the id of the node asked for
     */
    public SearchStatement(String words, GraphSearch ask, int limit, @Nullable UUID producer, @Nullable UUID entity) {
        this.words = arg(words, "text");
        this.limit = arg(limit, "integer");
        String[] types = array(ask.types());
        if (types == null) {
            filter.append(" AND n.type <> ALL ('").append(RECORDS).append("')");
        }
        narrow("n.type = ANY (%s)", "text[]", types);
        narrow("n.status = ANY (%s)", "text[]", array(ask.statuses()));
        narrow("n.tags @> %s", "text[]", array(ask.tags()));
        narrow("n.producer_id = %s", "uuid", producer);
        narrow(
                "coalesce(n.occurred_at, n.created_at) >= %s",
                "timestamptz", ask.since() == null ? null : Times.db(ask.since()));
        narrow(
                "coalesce(n.occurred_at, n.created_at) < %s",
                "timestamptz", ask.until() == null ? null : Times.db(ask.until()));
        if (entity == null) {
            around = "";
        } else {
            around = AROUND.formatted(arg(entity, "uuid"));
            filter.append(" AND n.id IN (SELECT id FROM around)");
        }
    }

    /** The statement by words and names alone. */
    public String byWords() {
        return statement(
                WORDS,
                "SELECT id, place, 1.0 AS weight FROM every_word"
                        + " UNION ALL SELECT id, place, 0.5 FROM any_word UNION ALL SELECT id, place, 1.0 FROM alike");
    }

    /** The statement by words, names and meaning. */
    public String byAll(VectorLeg leg) {
        return statement(
                WORDS + vectors(leg),
                "SELECT id, place, 1.0 AS weight FROM every_word"
                        + " UNION ALL SELECT id, place, 0.5 FROM any_word UNION ALL SELECT id, place, 1.0 FROM alike"
                        + " UNION ALL SELECT id, place, 1.0 FROM meant");
    }

    /** The statement by meaning alone. */
    public String byMeaning(VectorLeg leg) {
        return statement(vectors(leg), "SELECT id, place, 1.0 AS weight FROM meant");
    }

    public @Nullable Object[] args() {
        return args.toArray();
    }

    /**
     * What the comparison of vectors needs.
     *
     * @param vector in the form the database reads
     */
    public record VectorLeg(String tenant, String model, String vector, int exactUpTo, double leastSimilarity) {}

    private String vectors(VectorLeg leg) {
        return VECTORS.replace("{vector}", arg(leg.vector(), null))
                .replace("{tenant}", arg(leg.tenant(), "text"))
                .replace("{model}", arg(leg.model(), "text"))
                .replace("{exact}", arg(leg.exactUpTo(), "integer"))
                .replace("{farthest}", arg(1 - leg.leastSimilarity(), "double precision"));
    }

    private String statement(String found, String legs) {
        String asked = """
                WITH asked AS MATERIALIZED (
                    SELECT search_query({words}) AS every_word, any_word_query({words}) AS any_word, marked_query({words}) AS marked
                )""";
        return (asked + around + found + FUSION)
                .replace("{filter}", filter)
                .replace("{legs}", legs)
                .replace("{words}", words)
                .replace("{limit}", limit)
                .replace("{marks}", arg(Snippets.START + Snippets.STOP, "text"))
                .replace("{candidates}", Integer.toString(CANDIDATES))
                .replace("{ranked}", Integer.toString(RANKED));
    }

    private void narrow(String condition, String type, @Nullable Object value) {
        if (value != null) {
            filter.append(" AND ").append(condition.formatted(arg(value, type)));
        }
    }

    private String arg(Object value, @Nullable String type) {
        args.add(value);
        return "$" + args.size() + (type == null ? "" : "::" + type);
    }

    private static String @Nullable [] array(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.toArray(String[]::new);
    }
}
