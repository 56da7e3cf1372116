package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.capitania.contract.event.AgentMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message for an agent ({@code POST /v1/messages}). An ask waits for the reply: 504 {@code peer_timeout}, 404 {@code unknown_peer}, 403 {@code peer_paused},
 * 409 {@code nested_ask}. With the same {@code Idempotency-Key} (the asking call's id) an ask is asked once: a repetition gets or awaits the first reply.
 *
 * @param to the addressed role, for example {@code operator}
 * @param taskId the task in which the sender writes
 * @param runId the run in which the sender writes: an ask from within the run of another ask is refused
 * @param tainted whether the sender's run has read content from outside
 * @param timeoutMs how long an ask waits; 30 s unless given, never more than five minutes
 */
public record MessageRequest(
        AgentMessage.Kind kind,
        String to,
        String text,
        @Nullable String taskId,
        @Nullable String conversationId,
        @Nullable String runId,
        @Nullable Boolean tainted,
        @Nullable Long timeoutMs) {

    /**
     * The answer.
     *
     * @param reply the peer's text; absent after a send
     * @param from who answered; absent after a send
     * @param runId the read-only run in which the peer answered; absent after a send. The gateway knows that run's taint
     * @param tainted whether the answer rests on content from outside, as far as the mailbox knows
     */
    public record Sent(
            String messageId,
            @Nullable String reply,
            @Nullable String from,
            @Nullable String runId,
            boolean tainted) {}

    /** An agent answers an ask ({@code POST /v1/messages/{id}/reply}); the first answer counts, the same one may be repeated. */
    public record Reply(String text, @Nullable Boolean tainted) {}

    /**
     * A message as the mailbox keeps it ({@code GET /v1/messages?to=}).
     *
     * @param state sent (no reply is expected), waiting, answered, or timed_out; a person's note is answered once what it gave an agent to do has ended
     * @param repliedBy who answered: the agent, or a person in its place
     * @param group the group it was sent to, beside others
     */
    public record View(
            String messageId,
            AgentMessage.Kind kind,
            String from,
            String to,
            String text,
            @Nullable String taskId,
            @Nullable String conversationId,
            boolean tainted,
            String state,
            @Nullable String reply,
            @Nullable String repliedBy,
            @Nullable String group,
            Instant sentAt,
            @Nullable Instant repliedAt,
            @Nullable Instant deadline) {}

    /**
     * A person's note to every agent of a group ({@code POST /v1/broadcasts}); answered with the notes.
     *
     * @param group {@code @all}, {@code @ventures} (the top-level agents) or {@code @projects}
     */
    public record Broadcast(String group, String text) {}

    /** A page of messages, newest first. */
    public record Page(List<View> items) {}
}
