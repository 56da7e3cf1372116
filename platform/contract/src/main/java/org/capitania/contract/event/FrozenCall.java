package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for the owner ({@code proposal.frozen}); key: the proposal. The row in tool-registry is the authority, this is its announcement.
 *
 * @param revision 1 for what the agent asked, one more for each edit
 * @param arguments as they may be shown: {@code [secret removed]} stands for what is secret in them, here and in the rendering
 * @param digest SHA-256 of tool name, a line feed, and the exact canonical arguments (RFC 8785); hexadecimal
 * @param rendering what the owner is shown; made by us from the arguments; a warning says which kinds of secrets are not
 * @param facts the nodes the call rests on, with the versions it saw
 * @param tainted whether the run had read content from outside
 * @param businessKey SHA-256 of thread, recipients and what is answered: at most one effect each
 */
public record FrozenCall(
        String proposalId,
        String callId,
        int revision,
        String tool,
        String agent,
        String risk,
        JsonNode arguments,
        String digest,
        Rendering rendering,
        List<Fact> facts,
        boolean tainted,
        @Nullable String taskId,
        @Nullable String sessionId,
        @Nullable String conversationId,
        @Nullable String interactionId,
        String businessKey,
        Instant createdAt) {
    public static final String TYPE = "proposal.frozen";

    /** A cited node and the version that was seen. */
    public record Fact(String nodeId, int version) {}

    /**
     * The effect in our own words.
     *
     * @param recipients everyone it reaches, in full, look-alike characters made visible
     * @param warnings what the owner should look at twice
     */
    public record Rendering(
            String summary,
            List<String> recipients,
            @Nullable String subject,
            @Nullable String body,
            String markdown,
            List<String> warnings) {}
}
