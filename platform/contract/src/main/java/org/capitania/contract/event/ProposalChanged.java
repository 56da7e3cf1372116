package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A proposal took a step ({@code proposal.<status>}, and {@code proposal.edited}); key: the proposal. A doorbell, never an authority. */
public record ProposalChanged(
        String proposalId,
        String status,
        int revision,
        String digest,
        String tool,
        String agent,
        @Nullable String taskId,
        @Nullable String conversationId,
        @Nullable String by,
        @Nullable String reason,
        @Nullable JsonNode result,
        Instant occurredAt) {
    public static final String PREFIX = "proposal.";
}
