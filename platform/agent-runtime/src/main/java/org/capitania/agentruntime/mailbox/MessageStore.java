package org.capitania.agentruntime.mailbox;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.contract.Json;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Messages of other agents: asks until they are answered, sends until a task has been shown them. */
@ApplicationScoped
public class MessageStore {
    private final Sql sql;

    MessageStore(Sql sql) {
        this.sql = sql;
    }

    /** Stores a message in the transaction of its inbox row; the same message a second time changes nothing. */
    public void receive(Tx tx, AgentMessage message) {
        tx.execute(
                """
                INSERT INTO messages (message_id, kind, tainted, body, deadline) VALUES ($1, $2, $3, $4::text::jsonb, $5)
                ON CONFLICT (tenant_id, message_id) DO NOTHING
                """,
                message.messageId(),
                Json.tree(message.kind()).asText(),
                message.tainted(),
                Json.write(message).replace("\\u0000", "\\ufffd"),
                Times.db(message.deadline()));
    }

    /** The oldest ask that nobody has answered, without those that have to wait. */
    Optional<AgentMessage> nextAsk(Scope scope, Set<String> later) {
        return sql.read(
                scope, tx -> tx.one("""
                                SELECT body::text AS body FROM messages
                                 WHERE kind = 'ask' AND state = 'waiting' AND message_id <> ALL ($1)
                                 ORDER BY received_at, message_id LIMIT 1
                                """, (Object) later.toArray(String[]::new)).map(MessageStore::message));
    }

    /** Messages that no task has been shown. One from a tainted sender is for tainted tasks only: it would taint a clean one unseen. */
    public List<Incoming> unshown(Scope scope, boolean taskTainted) {
        return sql.tx(scope, tx -> {
            List<Incoming> items = new ArrayList<>();
            for (Row row : tx.query("""
                    SELECT body::text AS body, received_at FROM messages
                     WHERE kind = 'send' AND state = 'waiting' AND (NOT tainted OR $1) ORDER BY received_at, message_id LIMIT 20
                    """, taskTainted)) {
                AgentMessage message = message(row);
                items.add(incoming(message, Times.instant(row, "received_at")));
            }
            return items;
        });
    }

    void end(
            Scope scope,
            String messageId,
            String state,
            @org.jspecify.annotations.Nullable String sessionId,
            String detail) {
        sql.run(scope, tx -> tx.execute("""
                        UPDATE messages SET state = $2, session_id = $3, detail = $4, ended_at = clock_timestamp()
                         WHERE message_id = $1 AND state = 'waiting'
                        """, messageId, state, sessionId, detail));
    }

    static Incoming incoming(AgentMessage message, java.time.Instant at) {
        return new Incoming(
                message.messageId(),
                AgentMessage.TYPE,
                message.from(),
                null,
                at,
                message.tainted(),
                Json.MAPPER
                        .createObjectNode()
                        .put("from", message.from())
                        .put("kind", Json.tree(message.kind()).asText())
                        .put("text", message.text()));
    }

    private static AgentMessage message(Row row) {
        return Json.read(row.getString("body"), AgentMessage.class);
    }
}
