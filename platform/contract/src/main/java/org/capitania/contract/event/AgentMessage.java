package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message for an agent ({@code agent.message} on {@code hq.agent.<role>}); key: the message.
 *
 * @param kind ask waits for a reply; send does not
 * @param runId the read-only run in which an ask is answered
 * @param fence its fencing token
 * @param parentId the call in which another agent asks: what is done for the answer stands below it in the ledger
 */
public record AgentMessage(
        String messageId,
        Kind kind,
        String from,
        String to,
        String text,
        @Nullable String taskId,
        @Nullable String conversationId,
        boolean tainted,
        @Nullable String runId,
        long fence,
        Instant deadline,
        @Nullable String parentId) {
    public static final String TYPE = "agent.message";

    /** Ask waits for a reply, send does not. */
    public enum Kind {
        @com.fasterxml.jackson.annotation.JsonProperty("ask")
        ASK,
        @com.fasterxml.jackson.annotation.JsonProperty("send")
        SEND
    }
}
