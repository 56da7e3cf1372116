package org.capitania.supervisor.mailbox;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * A message as stored.
 *
 * @param state sent (a send), or waiting, answered, timed_out (an ask)
 * @param runId of an ask: the read-only run of the peer
 * @param published whether the peer was told
 */
record Message(
        UUID messageId,
        AgentMessage.Kind kind,
        String sender,
        String recipient,
        String body,
        String digest,
        @Nullable String taskId,
        @Nullable String conversationId,
        boolean tainted,
        String state,
        @Nullable UUID runId,
        long fence,
        boolean published,
        Instant sentAt,
        @Nullable Instant deadline,
        boolean late,
        @Nullable String reply,
        boolean replyTainted,
        @Nullable Instant endedAt,
        @Nullable String key,
        @Nullable String repliedBy,
        @Nullable String group) {

    static final String COLUMNS = """
            message_id, kind, sender, recipient, body, body_digest, task_id, conversation_id, tainted, state, run_id, fence, published_at,
            sent_at, deadline, coalesce(deadline <= clock_timestamp(), false) AS late, reply, reply_tainted, ended_at,
            idempotency_key, replied_by, to_group
            """;

    static Message of(Row row) {
        return new Message(
                row.getUUID("message_id"),
                AgentMessage.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("sender"),
                row.getString("recipient"),
                row.getString("body"),
                row.getString("body_digest"),
                row.getString("task_id"),
                row.getString("conversation_id"),
                row.getBoolean("tainted"),
                row.getString("state"),
                row.getUUID("run_id"),
                row.getLong("fence"),
                row.getOffsetDateTime("published_at") != null,
                Times.instant(row, "sent_at"),
                Times.instantOrNull(row, "deadline"),
                row.getBoolean("late"),
                row.getString("reply"),
                Boolean.TRUE.equals(row.getBoolean("reply_tainted")),
                Times.instantOrNull(row, "ended_at"),
                row.getString("idempotency_key"),
                row.getString("replied_by"),
                row.getString("to_group"));
    }

    boolean over() {
        return !state.equals("waiting");
    }

    /** Ended without an answer while there was still time for one: the peer was paused. */
    boolean withdrawn() {
        return state.equals("timed_out") && endedAt != null && deadline != null && endedAt.isBefore(deadline);
    }

    AgentMessage event() {
        return new AgentMessage(
                messageId.toString(),
                kind,
                sender,
                recipient,
                body,
                taskId,
                conversationId,
                tainted,
                runId == null ? null : runId.toString(),
                fence,
                deadline == null ? sentAt : deadline,
                sender.startsWith("agent:") ? key : null);
    }

    /** Who answered. */
    String answerer() {
        return repliedBy == null ? "agent:" + recipient : repliedBy;
    }

    MessageRequest.View view() {
        return view(state, reply, endedAt);
    }

    /** A note that an agent was given to do something about, which has ended. */
    MessageRequest.View done(String outcome, Instant at) {
        return view("answered", outcome, at);
    }

    private MessageRequest.View view(String state, @Nullable String reply, @Nullable Instant at) {
        return new MessageRequest.View(
                messageId.toString(),
                kind,
                sender,
                recipient,
                body,
                taskId,
                conversationId,
                tainted,
                state,
                reply,
                reply == null ? null : answerer(),
                group,
                sentAt,
                at,
                deadline);
    }
}
