package org.capitania.graph.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Finds edges that hold and cannot be right. What says how something came about, as traces and supersessions do, leads to archived nodes rightly. */
@ApplicationScoped
class FindEdgeFaults {
    private static final String FAULTS = """
            WITH faults AS (
                SELECT 'merged' AS kind, e.id, gone.id AS gone, d.to_id AS instead
                  FROM v_edges AS d
                  JOIN v_nodes AS gone ON gone.id = d.from_id AND gone.archived_at IS NOT NULL
                  JOIN v_nodes AS stays ON stays.id = d.to_id AND stays.archived_at IS NULL
                  JOIN LATERAL (
                       SELECT o.id, o.type FROM v_edges AS o WHERE o.from_id = gone.id AND o.valid_to IS NULL
                       UNION
                       SELECT o.id, o.type FROM v_edges AS o WHERE o.to_id = gone.id AND o.valid_to IS NULL) AS e ON true
                 WHERE d.type = 'duplicate_of' AND d.valid_to IS NULL
                   AND e.type NOT IN ('duplicate_of', 'duplicates', 'supersedes', 'superseded_by', 'touched', 'input_to', 'decided', 'produced_by')
                UNION ALL
                SELECT 'archived', e.id, CASE WHEN f.archived_at IS NULL THEN t.id ELSE f.id END, NULL
                  FROM v_edges AS e
                  JOIN v_nodes AS f ON f.id = e.from_id
                  JOIN v_nodes AS t ON t.id = e.to_id
                 WHERE e.valid_to IS NULL AND e.type IN ('driven_by', 'works_for', 'owned_by', 'belongs_to', 'blocks', 'blocked_by', 'depends_on')
                   AND (f.archived_at IS NULL) <> (t.archived_at IS NULL)
                   AND coalesce(CASE WHEN f.archived_at IS NULL THEN f.status ELSE t.status END, '') NOT IN ('done', 'cancelled', 'left')
                   AND NOT EXISTS (SELECT 1 FROM v_edges AS d
                                    WHERE d.type = 'duplicate_of' AND d.valid_to IS NULL
                                      AND d.from_id = CASE WHEN f.archived_at IS NULL THEN t.id ELSE f.id END)
                UNION ALL
                SELECT 'two_primaries', e.id, NULL, o.to_id
                  FROM v_edges AS e
                  JOIN v_edges AS o ON o.type = e.type AND o.from_id = e.from_id AND o.id > e.id AND o.valid_to IS NULL AND o.props->>'primary' = 'true'
                 WHERE e.type = 'works_for' AND e.valid_to IS NULL AND e.props->>'primary' = 'true'
                UNION ALL
                SELECT 'circle', e.id, NULL, NULL
                  FROM v_edges AS e
                  JOIN v_edges AS o ON o.type = e.type AND o.from_id = e.to_id AND o.to_id = e.from_id AND o.id > e.id AND o.valid_to IS NULL
                 WHERE e.valid_to IS NULL
                   AND e.type IN ('duplicate_of', 'supersedes', 'superseded_by', 'part_of', 'spawned_from', 'fulfills', 'settles')
            )
            SELECT x.kind, CASE x.gone WHEN e.from_id THEN 'from' WHEN e.to_id THEN 'to' END AS gone, e.id, e.type, e.props::text AS props, f.id AS f_id, f.slug AS f_slug, f.type AS f_type, f.title AS f_title, f.tainted AS f_tainted,
                   t.id AS t_id, t.slug AS t_slug, t.type AS t_type, t.title AS t_title, t.tainted AS t_tainted,
                   i.id AS i_id, i.slug AS i_slug, i.type AS i_type, i.title AS i_title, i.tainted AS i_tainted
              FROM faults AS x
              JOIN v_edges AS e ON e.id = x.id
              JOIN v_nodes AS f ON f.id = e.from_id
              JOIN v_nodes AS t ON t.id = e.to_id
              LEFT JOIN v_nodes AS i ON i.id = x.instead
             -- What is mended without anybody comes first: what waits for somebody must not keep it out of what fits.
             ORDER BY x.kind <> 'merged', x.kind DESC, e.id LIMIT 200
            """;

    private final Sql sql;

    FindEdgeFaults(Sql sql) {
        this.sql = sql;
    }

    EdgeFaults of(Scope scope) {
        return sql.read(scope, tx -> {
            List<Fault> found = new ArrayList<>();
            for (Row row : tx.query(FAULTS)) {
                found.add(fault(row));
            }
            return new EdgeFaults(found);
        });
    }

    private static Fault fault(Row row) {
        String kind = row.getString("kind");
        String type = row.getString("type");
        Brief from = brief(row, "f");
        Brief to = brief(row, "t");
        Brief instead = row.getUUID("i_id") == null ? null : brief(row, "i");
        String edge = "“" + from.title() + "” " + type.replace('_', ' ') + " “" + to.title() + "”";
        String other = instead == null ? "" : "“" + instead.title() + "”";
        String sentence = switch (kind) {
            case "merged" -> edge + ", and one of them was merged into " + other + ".";
            case "archived" -> edge + ", and one of them is archived.";
            case "two_primaries" -> edge + " first of all, and " + other + " first of all too.";
            default -> edge + ", and the other way round too.";
        };
        JsonNode props = Json.read(row.getString("props"), JsonNode.class);
        return new Fault(
                kind, row.getUUID("id").toString(), type, from, to, row.getString("gone"), instead, props, sentence);
    }

    private static Brief brief(Row row, String side) {
        return new Brief(
                row.getUUID(side + "_id").toString(),
                row.getString(side + "_slug"),
                row.getString(side + "_type"),
                row.getString(side + "_title"),
                row.getBoolean(side + "_tainted"));
    }
}
