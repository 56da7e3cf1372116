package org.capitania.graph.reconcile;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.Duplicates.Reason;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/**
 * Finds nodes that may be one: those that share what hardly two have, and those whose names resemble each other by their trigrams. What more
 * than five share tells nothing. An entity that is marked {@code anti_match} is compared with none.
 */
@ApplicationScoped
class FindDuplicates {
    private static final int MOST = 500;

    /** Domains of which everybody has an address. */
    private static final String[] OPEN_DOMAINS = {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.pt", "hotmail.com", "live.com", "live.com.pt",
                "yahoo.com",
        "icloud.com", "me.com", "sapo.pt", "proton.me", "protonmail.com", "gmx.com", "aol.com", "mail.com"
    };

    /** How sure each thing makes alone: of two that point the same way only a tax number or a person's address is enough. */
    private static final Map<String, Map<String, Double>> WEIGHTS = Map.of(
            "entity",
            Map.of("tax_id", 0.95, "name", 0.7, "domain", 0.6, "email", 0.6, "phone", 0.5, "similar_name", 0.8),
            "contact",
            Map.of("email", 0.95, "phone", 0.6, "company", 0.6, "name", 0.5, "similar_name", 0.5));

    /** A name without accents, marks and the words for a legal form at its end. */
    private static final String PLAIN = """
            regexp_replace(btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, coalesce(n.props->>'name', ''))),
                                                '[^[:alnum:]]+', ' ', 'g')),
                           '( (unipessoal|lda|limitada|s a|sa|ltd|limited|llc|inc|gmbh|corp|plc|sl|sarl|bv))+$', '')""";

    private static final String PAIRS = """
            WITH live AS MATERIALIZED (
                SELECT n.id, n.title, n.props, n.updated_at, {plain} AS plain
                  FROM v_nodes AS n
                 WHERE n.type = $1 AND n.archived_at IS NULL AND n.props->>'anti_match' IS DISTINCT FROM 'true'
            ), fresh AS MATERIALIZED (
                SELECT l.id, l.title, l.plain FROM live AS l
                 WHERE $2::timestamptz IS NULL OR l.updated_at > $2 ORDER BY l.updated_at DESC, l.id DESC LIMIT 2000
            ), keys AS (
                SELECT l.id, 'name' AS kind, l.plain AS key FROM live AS l WHERE length(l.plain) >= 3
                UNION
                SELECT l.id, 'domain', lower(d.value) FROM live AS l, jsonb_array_elements_text({domains}) AS d(value)
                 WHERE lower(d.value) <> ALL ($3::text[])
                UNION
                SELECT l.id, 'tax_id', upper(regexp_replace(l.props->>'tax_id', '[^[:alnum:]]', '', 'g')) FROM live AS l WHERE l.props ? 'tax_id'
                UNION
                SELECT l.id, 'email', lower(e.value) FROM live AS l, jsonb_array_elements_text({emails} || {email} || {billing_email}) AS e(value)
                UNION
                SELECT l.id, 'phone', right(regexp_replace(p.value, '[^0-9]', '', 'g'), 9)
                  FROM live AS l, jsonb_array_elements_text({phones} || {phone}) AS p(value)
                 WHERE length(regexp_replace(p.value, '[^0-9]', '', 'g')) >= 9
            ), shared AS (
                SELECT k.kind, k.key, array_agg(k.id) AS ids FROM keys AS k WHERE k.key <> '' GROUP BY k.kind, k.key HAVING count(*) BETWEEN 2 AND 5
            ), found AS (
                SELECT a.id AS one, b.id AS other, s.kind, s.key AS shared, 1::double precision AS likeness
                  FROM shared AS s, unnest(s.ids) AS a(id), unnest(s.ids) AS b(id)
                 WHERE a.id < b.id AND EXISTS (SELECT 1 FROM fresh AS f WHERE f.id IN (a.id, b.id))
                UNION
                SELECT least(f.id, o.id), greatest(f.id, o.id), 'similar_name', NULL, public.similarity(f.plain, o.plain)
                  FROM fresh AS f
                  JOIN LATERAL (
                       SELECT n.id FROM v_nodes AS n
                        WHERE n.type = $1 AND n.archived_at IS NULL AND n.title OPERATOR(public.%) f.title AND n.id <> f.id
                        ORDER BY public.similarity(n.title, f.title) DESC LIMIT 20) AS near ON true
                  JOIN live AS o ON o.id = near.id
                 WHERE f.plain <> o.plain AND length(f.plain) >= 4 AND length(o.plain) >= 4 AND public.similarity(f.plain, o.plain) >= 0.6
            ), pairs AS (
                SELECT p.one, p.other, array_agg(p.kind ORDER BY p.kind, p.shared) AS kinds, array_agg(p.shared ORDER BY p.kind, p.shared) AS shared,
                       array_agg(p.likeness ORDER BY p.kind, p.shared) AS likeness
                  FROM found AS p
                 WHERE NOT EXISTS (SELECT 1 FROM unnest($4::uuid[], $5::uuid[]) AS w(one, other) WHERE w.one = p.one AND w.other = p.other)
                 GROUP BY p.one, p.other ORDER BY count(*) DESC, p.one, p.other LIMIT 2000
            )
            SELECT p.kinds, p.shared, p.likeness, a.id AS a_id, a.slug AS a_slug, a.title AS a_title, a.tainted AS a_tainted,
                   b.id AS b_id, b.slug AS b_slug, b.title AS b_title, b.tainted AS b_tainted,
                   ARRAY(SELECT t.name FROM unnest(ARRAY['tax_id', 'country', 'birthday']) AS t(name)
                          WHERE lower(a.props->>t.name) <> lower(b.props->>t.name)) AS contradicts,
                   (SELECT e.title FROM v_edges AS x
                      JOIN v_edges AS y ON y.type = x.type AND y.to_id = x.to_id AND y.valid_to IS NULL AND y.from_id = b.id
                      JOIN v_nodes AS e ON e.id = x.to_id
                     WHERE x.type = 'works_for' AND x.from_id = a.id AND x.valid_to IS NULL ORDER BY x.id LIMIT 1) AS company,
                   (SELECT count(*) FROM v_edges AS e WHERE e.from_id = a.id AND e.valid_to IS NULL)
                       + (SELECT count(*) FROM v_edges AS e WHERE e.to_id = a.id AND e.valid_to IS NULL) AS a_edges,
                   (SELECT count(*) FROM v_edges AS e WHERE e.from_id = b.id AND e.valid_to IS NULL)
                       + (SELECT count(*) FROM v_edges AS e WHERE e.to_id = b.id AND e.valid_to IS NULL) AS b_edges
              FROM pairs AS p
              JOIN v_nodes AS a ON a.id = p.one
              JOIN v_nodes AS b ON b.id = p.other
            """.replace("{plain}", PLAIN)
            .replace("{domains}", list("domains"))
            .replace("{emails}", list("emails"))
            .replace("{phones}", list("phones"))
            .replace("{email}", one("email"))
            .replace("{billing_email}", one("billing_email"))
            .replace("{phone}", one("phone"));

    private final Sql sql;

    FindDuplicates(Sql sql) {
        this.sql = sql;
    }

    Duplicates of(Scope scope, Duplicates.Query asked) {
        Instant since = asked.since();
        UUID[] ones = without(asked, 0);
        UUID[] others = without(asked, 1);
        List<Pair> pairs = sql.read(scope, tx -> {
            List<Pair> found = new ArrayList<>();
            for (Row row :
                    tx.query(PAIRS, asked.type(), since == null ? null : Times.db(since), OPEN_DOMAINS, ones, others)) {
                found.add(pair(row, asked.type()));
            }
            return found;
        });
        return new Duplicates(pairs.stream()
                .sorted(Comparator.comparingDouble(Pair::score)
                        .reversed()
                        .thenComparing(pair -> pair.stays().slug())
                        .thenComparing(pair -> pair.goes().slug()))
                .limit(Math.clamp(asked.limit(), 1, MOST))
                .toList());
    }

    /** The first or the second of each pair that is left out. */
    private static UUID[] without(Duplicates.Query asked, int side) {
        return asked.without().stream().map(pair -> id(pair, side)).toArray(UUID[]::new);
    }

    private static UUID id(String pair, int side) {
        try {
            return UUID.fromString(pair.split(":", 2)[side]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST,
                    "/without holds " + pair + "; a pair is the ids of both with a colon between",
                    e);
        }
    }

    private static Pair pair(Row row, String type) {
        List<Reason> reasons = new ArrayList<>();
        String[] kinds = row.getArrayOfStrings("kinds");
        String[] shared = row.getArrayOfStrings("shared");
        Double[] likeness = row.getArrayOfDoubles("likeness");
        Map<String, Double> weights = WEIGHTS.getOrDefault(type, Map.of());
        for (int i = 0; i < kinds.length; i++) {
            reasons.add(new Reason(kinds[i], shared[i], rounded(weights.getOrDefault(kinds[i], 0.0) * likeness[i])));
        }
        String company = row.getString("company");
        if (company != null) {
            reasons.add(new Reason("company", company, weights.getOrDefault("company", 0.0)));
        }
        List<String> contradicts = List.of(row.getArrayOfStrings("contradicts"));
        // Each kind counts once: a second shared domain says nothing new.
        double open = 1;
        for (String kind : reasons.stream().map(Reason::kind).distinct().toList()) {
            open *= 1
                    - reasons.stream()
                            .filter(reason -> reason.kind().equals(kind))
                            .mapToDouble(Reason::weight)
                            .max()
                            .orElse(0);
        }
        double score = rounded((1 - open) * (contradicts.isEmpty() ? 1 : 0.5));
        Brief a = brief(row, "a", type);
        Brief b = brief(row, "b", type);
        boolean aStays = row.getLong("a_edges") >= row.getLong("b_edges");
        return new Pair(aStays ? b : a, aStays ? a : b, score, reasons, contradicts);
    }

    private static Brief brief(Row row, String side, String type) {
        return new Brief(
                row.getUUID(side + "_id").toString(),
                row.getString(side + "_slug"),
                type,
                row.getString(side + "_title"),
                row.getBoolean(side + "_tainted"));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** A prop that is a list, and an empty one where it is not. */
    private static String list(String prop) {
        return "(CASE jsonb_typeof(l.props->'" + prop + "') WHEN 'array' THEN l.props->'" + prop
                + "' ELSE '[]'::jsonb END)";
    }

    /** A prop that is a text, as a list. */
    private static String one(String prop) {
        return "(CASE jsonb_typeof(l.props->'" + prop + "') WHEN 'string' THEN jsonb_build_array(l.props->'" + prop
                + "') ELSE '[]'::jsonb END)";
    }
}
