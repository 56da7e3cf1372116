package org.capitania.supervisor.mailbox;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MessageRequest;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The rows of the mailbox. */
@ApplicationScoped
class MessageStore {
    private static final String SELECT = "SELECT " + Message.COLUMNS + " FROM messages ";

    private final Ids ids;

    MessageStore(Ids ids) {
        this.ids = ids;
    }

    /** What was sent under a key before; refused when it was something else. */
    Optional<Message> repeated(Tx tx, String sender, @Nullable String key, MessageRequest request) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<Message> first = tx.one(SELECT + "WHERE sender = $1 AND idempotency_key = $2", sender, key)
                .map(Message::of);
        if (first.isPresent() && !first.get().digest().equals(digest(request))) {
            throw new CapitaniaException(
                    ErrorCode.IDEMPOTENCY_MISMATCH, "another message was sent under the key " + key + " before");
        }
        return first;
    }

    /** Stores an ask; fails on the unique key when another request with the same key was faster. */
    Message ask(Tx tx, MessageRequest request, String sender, @Nullable String key, long fence, Duration wait) {
        return insert(tx, request, sender, key, "waiting", ids.v7(), fence, wait);
    }

    /** @param group the group that it is sent to, if to one */
    Message send(Tx tx, MessageRequest request, String sender, @Nullable String key, @Nullable String group) {
        Message message = insert(tx, request, sender, key, "sent", null, 0, null);
        tx.execute(
                "UPDATE messages SET published_at = clock_timestamp(), to_group = $2 WHERE message_id = $1",
                message.messageId(),
                group);
        return find(tx, message.messageId()).orElseThrow();
    }

    /** A person's note with what became of it, once the task that it gave an agent has ended. */
    Optional<MessageRequest.View> view(Tx tx, UUID messageId) {
        return find(tx, messageId)
                .map(message -> tx.one("""
                        SELECT coalesce(reason, state) AS outcome, ended_at FROM tasks
                        WHERE role = $1 AND subject = $2 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1
                        """, message.recipient(), messageId.toString())
                        .map(task -> message.done(task.getString("outcome"), Times.instant(task, "ended_at")))
                        .orElseGet(message::view));
    }

    Optional<Message> find(Tx tx, UUID messageId) {
        return tx.one(SELECT + "WHERE message_id = $1", messageId).map(Message::of);
    }

    Message lock(Tx tx, UUID messageId) {
        return tx.one(SELECT + "WHERE message_id = $1 FOR UPDATE", messageId)
                .map(Message::of)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no message " + messageId));
    }

    /** Whether a run is one in which an ask is answered. */
    boolean isAskRun(Tx tx, UUID runId) {
        return tx.one("SELECT 1 FROM messages WHERE run_id = $1", runId).isPresent();
    }

    void published(Tx tx, UUID messageId) {
        tx.put("UPDATE messages SET published_at = clock_timestamp() WHERE message_id = $1", messageId);
    }

    void answered(Tx tx, UUID messageId, String reply, boolean tainted, String by) {
        tx.put("""
                UPDATE messages SET state = 'answered', reply = $2, reply_tainted = $3, replied_by = $4, ended_at = clock_timestamp()
                WHERE message_id = $1
                """, messageId, reply, tainted, by);
    }

    void timedOut(Tx tx, UUID messageId) {
        tx.execute(
                "UPDATE messages SET state = 'timed_out', ended_at = clock_timestamp() WHERE message_id = $1",
                messageId);
    }

    /** Ends every ask that a role has not answered; answers them. */
    List<Message> withdraw(Tx tx, String role) {
        List<Message> ended = new ArrayList<>();
        tx.query("""
                        UPDATE messages SET state = 'timed_out', ended_at = LEAST(clock_timestamp(), deadline)
                        WHERE recipient = $1 AND state = 'waiting' RETURNING
                        """ + Message.COLUMNS, role).forEach(row -> ended.add(Message.of(row)));
        return ended;
    }

    List<Message> list(Tx tx, @Nullable String to, @Nullable String from, @Nullable String state, int limit) {
        List<Message> messages = new ArrayList<>();
        tx.query(SELECT + """
                                WHERE ($1::text IS NULL OR recipient = $1) AND ($2::text IS NULL OR sender = $2)
                                  AND ($3::text IS NULL OR state = $3)
                                ORDER BY sent_at DESC, message_id DESC LIMIT $4
                                """, to, from, state, limit).forEach(row -> messages.add(Message.of(row)));
        return messages;
    }

    private Message insert(
            Tx tx,
            MessageRequest request,
            String sender,
            @Nullable String key,
            String state,
            @Nullable UUID runId,
            long fence,
            @Nullable Duration wait) {
        Row row = tx.query(
                        """
                        INSERT INTO messages (message_id, kind, sender, recipient, body, body_digest, idempotency_key, task_id,
                            conversation_id, tainted, state, run_id, fence, deadline)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                            clock_timestamp() + ($14::bigint * interval '1 millisecond'))
                        RETURNING
                        """ + Message.COLUMNS,
                        ids.v7(),
                        request.kind().name().toLowerCase(Locale.ROOT),
                        sender,
                        request.to(),
                        request.text(),
                        digest(request),
                        key,
                        request.taskId(),
                        request.conversationId(),
                        Boolean.TRUE.equals(request.tainted()),
                        state,
                        runId,
                        fence,
                        wait == null ? null : wait.toMillis())
                .iterator()
                .next();
        return Message.of(row);
    }

    private static String digest(MessageRequest request) {
        try {
            String content = request.kind() + "\n" + request.to() + "\n" + request.text();
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
