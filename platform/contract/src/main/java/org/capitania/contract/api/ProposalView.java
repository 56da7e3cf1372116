package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.event.FrozenCall;
import org.jspecify.annotations.Nullable;

/**
 * A proposal as {@code GET /v1/proposals[/{id}]} shows it. The list leaves out what only one proposal's page needs: rendering, facts, decisions and history are then null.
 *
 * @param summary the effect in one sentence
 * @param conversation the thread it came from (node id)
 * @param revision 1 for what the agent asked, one more for each edit
 * @param digest of the current revision's tool and arguments; what is approved is exactly this
 * @param agent the actor that asked, for example {@code agent:chief}
 * @param expiresAt when it expires, while it waits; null afterwards
 * @param reason why it is where it is, where there is a why (rejected, stale, failed, unknown)
 * @param result what the execution answered
 */
public record ProposalView(
        String id,
        String tool,
        String agent,
        ProposalStatus status,
        String risk,
        String summary,
        @Nullable String taskId,
        @Nullable String conversation,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant expiresAt,
        JsonNode arguments,
        int revision,
        String digest,
        boolean tainted,
        @Nullable String sessionId,
        @Nullable String interactionId,
        @Nullable String reason,
        @Nullable JsonNode result,
        FrozenCall.@Nullable Rendering rendering,
        @Nullable List<FrozenCall.Fact> facts,
        @Nullable List<Decision> decisions,
        @Nullable List<Step> history) {

    /**
     * What a person decided; append-only.
     *
     * @param decision approve, edit, reject or respond
     * @param before the arguments before an edit
     * @param after the arguments after an edit
     */
    public record Decision(
            String id,
            String decision,
            int revision,
            String digest,
            String by,
            Instant at,
            @Nullable String reason,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    /** One step of the state machine. */
    public record Step(
            int seq,
            ProposalStatus status,
            String by,
            Instant at,
            int revision,
            @Nullable String reason) {}
}
