package org.capitania.agentruntime.mailbox;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    /** Another process of the agent may have taken one in: that is seen then. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Sql sql;
    private final Clock clock;
    private final AtomicLong received = new AtomicLong();
    private final Map<Look, Nothing> nothing = new ConcurrentHashMap<>();

    private record Look(String tenant, boolean tainted) {}

    /**
     * A look that found nothing.
     *
     * @param received how many messages had come by then
     */
    private record Nothing(long received, Instant until) {}

    MessageStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Stores a message in the transaction of its inbox row; the same message a second time changes nothing. */
    public void receive(Tx tx, AgentMessage message) {
        tx.afterCommit(received::incrementAndGet);
        tx.put(
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

    /**
     * Messages that no task has been shown. One from a tainted sender is for tainted tasks only: it would taint a clean one unseen. Asked
     * at every step of a session: where nothing has come since there was nothing, the store is not asked for a moment.
     */
    public List<Incoming> unshown(Scope scope, boolean taskTainted) {
        Look look = new Look(scope.tenant(), taskTainted);
        long now = received.get();
        Nothing before = nothing.get(look);
        if (before != null && before.received() == now && clock.instant().isBefore(before.until())) {
            return List.of();
        }
        List<Incoming> items = waiting(scope, taskTainted);
        if (items.isEmpty()) {
            nothing.put(look, new Nothing(now, clock.instant().plus(LOOK_AGAIN)));
        }
        return items;
    }

    private List<Incoming> waiting(Scope scope, boolean taskTainted) {
        return sql.read(scope, tx -> {
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

    static Incoming incoming(AgentMessage message, Instant at) {
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
