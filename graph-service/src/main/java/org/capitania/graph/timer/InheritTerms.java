package org.capitania.graph.timer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Works out again by when we have to answer, where the SLA that a turn state inherits may have become another one. */
@ApplicationScoped
class InheritTerms {
    private final Sql sql;
    private final DueTimes dueTimes;

    InheritTerms(Sql sql, DueTimes dueTimes) {
        this.sql = sql;
        this.dueTimes = dueTimes;
    }

    /** Looks at all turn states that were asked for, page by page. */
    void run(Scope scope, int page) {
        // Only looked at as a rule, so that nobody is told of a commit each second.
        boolean more = sql.read(
                scope, tx -> tx.one("SELECT 1 AS one FROM due_again LIMIT 1").isPresent());
        while (more) {
            more = sql.tx(scope, tx -> step(tx, page));
        }
    }

    /** Whether there may be more to do. */
    private boolean step(Tx tx, int page) {
        // Gone before the terms are read: who changes them after that asks again.
        List<UUID> asked = new ArrayList<>();
        tx.query("""
                DELETE FROM due_again
                 WHERE id = ANY (ARRAY(SELECT a.id FROM due_again AS a ORDER BY a.id LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING node_id
                """, (long) page).forEach(row -> asked.add(row.getUUID("node_id")));
        if (asked.isEmpty()) {
            return false;
        }
        List<Row> turns = new ArrayList<>();
        tx.query("""
                SELECT id, type, props::text AS props FROM nodes
                 WHERE id = ANY ($1) AND type = 'turn_state' AND status = 'ours' AND archived_at IS NULL
                 ORDER BY id FOR NO KEY UPDATE
                """, (Object) asked.toArray(UUID[]::new)).forEach(turns::add);
        String own = tx.one("SELECT company_zone() AS zone").orElseThrow().getString("zone");
        ZoneId zone = dueTimes.zone(tx.scope().tenant(), own);
        JsonNode terms = MoveDueTimes.terms(tx, turns);
        turns.forEach(turn -> inherit(tx, zone, turn, MoveDueTimes.of(terms, turn.getUUID("id"))));
        return asked.size() == page;
    }

    private void inherit(Tx tx, ZoneId zone, Row turn, DueTimes.Terms terms) {
        UUID id = turn.getUUID("id");
        ObjectNode props = Json.read(turn.getString("props"), ObjectNode.class);
        ObjectNode before = props.deepCopy();
        dueTimes.derive(zone, "turn_state", "ours", props, terms, "/props");
        if (props.equals(before)) {
            return;
        }
        Optional<OffsetDateTime> told = TimerStore.told(tx, id);
        tx.execute("UPDATE nodes SET props = $2::text::jsonb WHERE id = $1", id, Json.write(props));
        // What is still overdue is not told twice; what has time again is told when that is over.
        told.ifPresent(at -> tx.execute(
                "UPDATE timers SET fired_at = $2 WHERE kind = 'interaction.overdue' AND node_id = $1 AND due_at <= clock_timestamp()",
                id,
                at));
    }
}
