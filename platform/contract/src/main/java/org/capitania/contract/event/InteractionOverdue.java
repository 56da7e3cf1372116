package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Our time to answer a conversation has run out ({@code interaction.overdue}); key: the conversation, or the turn state that has none.
 *
 * @param lastTurnAt since when it is waited for
 */
public record InteractionOverdue(
        String turnStateId,
        @Nullable String conversationId,
        @Nullable String conversationSlug,
        @Nullable Instant lastTurnAt,
        Instant overdueAt) {
    public static final String TYPE = "interaction.overdue";
}
