package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
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
 * @param plainAnswer whether it is nothing but text to nobody but the people of the thread it answers
 * @param change what it makes of a file's text; null when it changes no file
 */
public record Draft(
        String businessKey,
        String messageId,
        @Nullable String conversationId,
        @Nullable String interactionId,
        List<SeenFact> facts,
        Rendering rendering,
        ObjectNode effect,
        boolean plainAnswer,
        @Nullable TextChange change) {

    /** One that changes no file. */
    public Draft(
            String businessKey,
            String messageId,
            @Nullable String conversationId,
            @Nullable String interactionId,
            List<SeenFact> facts,
            Rendering rendering,
            ObjectNode effect,
            boolean plainAnswer) {
        this(businessKey, messageId, conversationId, interactionId, facts, rendering, effect, plainAnswer, null);
    }

    /** The same with more for the owner to look at. */
    public Draft warned(List<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<String> warnings = new ArrayList<>(more);
        warnings.addAll(rendering.warnings());
        Rendering shown = new Rendering(
                rendering.summary(),
                rendering.recipients(),
                rendering.subject(),
                rendering.body(),
                rendering.markdown(),
                List.copyOf(warnings));
        return new Draft(
                businessKey, messageId, conversationId, interactionId, facts, shown, effect, plainAnswer, change);
    }

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
