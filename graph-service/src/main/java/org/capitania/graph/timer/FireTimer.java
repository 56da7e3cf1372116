package org.capitania.graph.timer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.InteractionOverdue;
import org.capitania.contract.event.ObligationDue;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Fires one timer: its effect, its event and the note that it has fired are one transaction. */
@ApplicationScoped
class FireTimer {
    private final Sql sql;
    private final MaterialiseObligation materialise;

    FireTimer(Sql sql, MaterialiseObligation materialise) {
        this.sql = sql;
        this.materialise = materialise;
    }

    /** Returns whether it was this call that fired it. */
    boolean fire(Scope scope, Timer timer) {
        return sql.tx(scope, tx -> {
            Optional<Row> claimed = TimerStore.claim(tx, timer);
            claimed.ifPresent(node -> {
                ObjectNode props = Json.read(node.getString("props"), ObjectNode.class);
                switch (timer.kind()) {
                    case INTERACTION_OVERDUE -> overdue(tx, timer, props);
                    case OBLIGATION_DUE -> due(tx, timer, node, props);
                    case OBLIGATION_NEXT -> materialise.next(tx, node, props);
                }
                TimerStore.fired(tx, timer);
            });
            return claimed.isPresent();
        });
    }

    private static void overdue(Tx tx, Timer timer, ObjectNode props) {
        Optional<Row> conversation = tx.one("""
                SELECT c.id, c.slug FROM edges AS h JOIN nodes AS c ON c.id = h.from_id
                 WHERE h.to_id = $1 AND h.type = 'has_turn_state' AND h.valid_to IS NULL LIMIT 1
                """, timer.node());
        String id = conversation.map(row -> row.getUUID("id").toString()).orElse(null);
        tx.publish(
                InteractionOverdue.TYPE,
                id == null ? timer.node().toString() : id,
                new InteractionOverdue(
                        timer.node().toString(),
                        id,
                        conversation.map(row -> row.getString("slug")).orElse(null),
                        time(props.path("last_turn_at").textValue()),
                        timer.dueAt()));
    }

    private static void due(Tx tx, Timer timer, Row node, ObjectNode props) {
        String direction = props.path("direction").asText();
        tx.publishTo(
                Topics.of(ObligationDue.TYPE),
                ObligationDue.TYPE,
                timer.node().toString(),
                direction,
                new ObligationDue(
                        timer.node().toString(),
                        node.getString("slug"),
                        props.path("kind").asText(),
                        direction,
                        props.path("severity").textValue(),
                        timer.dueAt()));
        tx.execute("UPDATE nodes SET status = 'overdue' WHERE id = $1 AND status = 'open'", timer.node());
    }

    static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
