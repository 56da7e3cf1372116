package org.capitania.graph.timer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.ObligationMaterialised;
import org.capitania.graph.obligation.DueTimes;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Tx;

/**
 * Makes the next instance of a recurring obligation once its predecessor is closed: due at the rule's next time, also when that has passed
 * already, so that nothing owed is skipped; about the same, owed by and to the same.
 */
@ApplicationScoped
class MaterialiseObligation {
    private static final String SOURCE = "recurrence";
    private static final Pattern DATED = Pattern.compile("-\\d{4}-\\d{2}-\\d{2}(-[0-9a-f]{8})?$");
    private static final int LONGEST_STEM = 170;

    private final Ids ids;
    private final DueTimes dueTimes;

    MaterialiseObligation(Ids ids, DueTimes dueTimes) {
        this.ids = ids;
        this.dueTimes = dueTimes;
    }

    void next(Tx tx, Row closed, ObjectNode props) {
        Instant due = FireTimer.time(props.path("next_due_at").textValue());
        if (due == null) {
            return;
        }
        UUID predecessor = closed.getUUID("id");
        ObjectNode successor = props.deepCopy();
        successor.remove(List.of("resolved_at", "asked_at", "next_due_at"));
        successor.put("due_at", due.toString());
        String own = tx.one("SELECT company_zone() AS zone").orElseThrow().getString("zone");
        dueTimes.derive(
                dueTimes.zone(tx.scope().tenant(), own),
                "expectation",
                "open",
                successor,
                DueTimes.Terms.NONE,
                "/props");
        // A series is known by its first instance; each of its due times appears once.
        String series = SOURCE.equals(closed.getString("external_source"))
                ? closed.getString("external_id").split(" ", 2)[0]
                : predecessor.toString();
        UUID id = ids.v7();
        String slug = slug(tx, closed.getString("slug"), due, id);
        int made = tx.execute("""
                INSERT INTO nodes (id, type, slug, status, priority, props, tags, producer_id, owner_id, external_source, external_id,
                                   tainted, confidence, language)
                SELECT $1, n.type, $2, 'open', n.priority, $3::text::jsonb, n.tags, n.producer_id, n.owner_id, $4, $5, n.tainted, n.confidence, n.language
                  FROM nodes AS n WHERE n.id = $6
                ON CONFLICT (tenant_id, type, external_source, external_id) WHERE external_id IS NOT NULL DO NOTHING
                """, id, slug, Json.write(successor), SOURCE, series + " " + due, predecessor);
        if (made == 0) {
            return;
        }
        link(tx, id, "spawned_from", predecessor, predecessor);
        for (Row edge : tx.query("""
                SELECT type, to_id FROM edges
                 WHERE from_id = $1 AND type IN ('about', 'owed_by', 'owed_to') AND valid_to IS NULL ORDER BY type, to_id
                """, predecessor)) {
            link(tx, id, edge.getString("type"), edge.getUUID("to_id"), predecessor);
        }
        String direction = props.path("direction").asText();
        tx.publishTo(
                Topics.of(ObligationMaterialised.TYPE),
                ObligationMaterialised.TYPE,
                id.toString(),
                direction,
                new ObligationMaterialised(id.toString(), slug, predecessor.toString(), direction, due));
    }

    private void link(Tx tx, UUID from, String type, UUID to, UUID source) {
        tx.execute("""
                INSERT INTO edges (id, type, from_id, to_id, props, producer_id, tainted)
                SELECT $1, $2, $3, $4, '{}', n.producer_id, n.tainted FROM nodes AS n WHERE n.id = $5
                """, ids.v7(), type, from, to, source);
    }

    private static String slug(Tx tx, String predecessor, Instant due, UUID id) {
        String stem = DATED.matcher(predecessor).replaceFirst("");
        String dated = stem.substring(0, Math.min(stem.length(), LONGEST_STEM)) + "-"
                + due.toString().substring(0, 10);
        boolean taken =
                tx.one("SELECT 1 AS one FROM nodes WHERE slug = $1", dated).isPresent();
        // The end of a version 7 id is random, its beginning is the time.
        return taken ? dated + "-" + id.toString().substring(28) : dated;
    }
}
