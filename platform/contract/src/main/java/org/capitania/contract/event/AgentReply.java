package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/** An ask was answered ({@code agent.reply}); key: the message. */
public record AgentReply(
        String messageId,
        String from,
        String to,
        String text,
        boolean tainted,
        @Nullable String taskId) {
    public static final String TYPE = "agent.reply";
}
