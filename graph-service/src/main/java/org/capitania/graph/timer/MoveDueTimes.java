package org.capitania.graph.timer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.graph.obligation.DueTimes;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Works the open due times of a company out again when its time zone is another, however it came to be: page by page, so that no write
 * waits long, and from where it was when a process dies in it.
 */
@ApplicationScoped
class MoveDueTimes {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Sql sql;
    private final DueTimes dueTimes;

    MoveDueTimes(Sql sql, DueTimes dueTimes) {
        this.sql = sql;
        this.dueTimes = dueTimes;
    }

    /** Brings what is open into the company's zone of now. */
    void run(Scope scope, int page) {
        boolean more = true;
        while (more) {
            more = sql.tx(scope, tx -> step(tx, page));
        }
    }

    /** Whether there is more to do. */
    private boolean step(Tx tx, int page) {
        String now = dueTimes.zone(
                        tx.scope().tenant(),
                        tx.one("SELECT company_zone() AS zone").orElseThrow().getString("zone"))
                .getId();
        Optional<Row> stored = tx.one("SELECT zone, target FROM due_zones");
        if (stored.isEmpty()) {
            // What was written before this was known is taken to be in the zone of now.
            tx.execute("INSERT INTO due_zones (zone) VALUES ($1) ON CONFLICT (tenant_id) DO NOTHING", now);
            return false;
        }
        if (stored.get().getString("target") == null
                && stored.get().getString("zone").equals(now)) {
            return false;
        }
        // Another replica may be at it: whoever has the row does a page.
        Optional<Row> mine = tx.one("SELECT zone, target, done_to FROM due_zones FOR UPDATE SKIP LOCKED");
        if (mine.isEmpty()) {
            return false;
        }
        String was = mine.get().getString("zone");
        String begun = mine.get().getString("target");
        String target = begun == null ? now : begun;
        UUID after = mine.get().getUUID("done_to");
        List<Row> open = open(tx, after == null ? BEFORE_ALL : after, page);
        int moved = move(tx, open, ZoneId.of(was), ZoneId.of(target));
        Log.infof(
                "due times are worked out again tenant=%s from=%s to=%s looked_at=%d moved=%d",
                tx.scope().tenant(), was, target, open.size(), moved);
        if (open.size() < page) {
            tx.execute("UPDATE due_zones SET zone = $1, target = NULL, done_to = NULL", target);
        } else {
            tx.execute(
                    "UPDATE due_zones SET target = $1, done_to = $2",
                    target,
                    open.getLast().getUUID("id"));
        }
        return true;
    }

    private static List<Row> open(Tx tx, UUID after, int page) {
        List<Row> open = new ArrayList<>();
        tx.query("""
                SELECT id, type, status, props::text AS props FROM nodes
                 WHERE id > $1 AND archived_at IS NULL
                   AND (type = 'expectation' AND status IN ('open', 'overdue') OR type = 'turn_state' AND status = 'ours')
                 ORDER BY id LIMIT $2 FOR NO KEY UPDATE
                """, after, (long) page).forEach(open::add);
        return open;
    }

    private int move(Tx tx, List<Row> open, ZoneId was, ZoneId target) {
        JsonNode terms = terms(tx, open);
        int moved = 0;
        for (Row node : open) {
            UUID id = node.getUUID("id");
            ObjectNode props = Json.read(node.getString("props"), ObjectNode.class);
            if (dueTimes.move(was, target, node.getString("type"), node.getString("status"), props, of(terms, id))) {
                Optional<OffsetDateTime> told = TimerStore.told(tx, id);
                tx.execute("UPDATE nodes SET props = $2::text::jsonb WHERE id = $1", id, Json.write(props));
                // Its time may be another now; that it has come was told, and is not told twice.
                told.ifPresent(at -> tx.execute(
                        "UPDATE timers SET fired_at = $2 WHERE node_id = $1 AND kind IN ('interaction.overdue', 'obligation.due')",
                        id,
                        at));
                moved++;
            }
        }
        return moved;
    }

    /** The SLA that each turn state stands under, by its id. */
    static JsonNode terms(Tx tx, List<Row> open) {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode nodes = answer.putArray("nodes");
        open.forEach(node ->
                nodes.addObject().put("id", node.getUUID("id").toString()).put("type", node.getString("type")));
        String terms = tx.one("SELECT (with_terms($1::text::jsonb)->'terms')::text AS terms", Json.write(answer))
                .orElseThrow()
                .getString("terms");
        return terms == null ? Json.MAPPER.createObjectNode() : Json.read(terms, JsonNode.class);
    }

    static DueTimes.Terms of(JsonNode terms, UUID node) {
        JsonNode found = terms.path(node.toString());
        return found.isMissingNode() ? DueTimes.Terms.NONE : Json.convert(found, DueTimes.Terms.class);
    }
}
