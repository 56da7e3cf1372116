package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person changed what an agent drafted ({@code owner.edited}); key: the proposal. What the agents learn style from. */
public record OwnerEdited(
        String proposalId,
        String tool,
        String agent,
        int revision,
        JsonNode before,
        JsonNode after,
        @Nullable String taskId,
        @Nullable String conversationId,
        String by,
        @Nullable String reason,
        Instant editedAt) {
    public static final String TYPE = "owner.edited";
}
