package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.jspecify.annotations.Nullable;

/**
 * An outward call, checked and composed but not done.
 *
 * @param businessKey what makes it one and the same act, whoever asks and however often
 * @param messageId the id the act carries outside; it follows from the business key
 * @param facts what it rests on
 * @param effect everything {@link OutwardTool#perform} needs
 */
public record Draft(
        String businessKey,
        String messageId,
        @Nullable String conversationId,
        @Nullable String interactionId,
        List<SeenFact> facts,
        Rendering rendering,
        ObjectNode effect) {

    /**
     * A node as it was seen.
     *
     * @param seen what a difference is shown against
     */
    public record SeenFact(
            String nodeId,
            int version,
            String type,
            @Nullable String title,
            JsonNode seen) {}
}
