package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The catalogue ({@code GET /v1/tools}), in alphabetical order. */
public record ToolsView(List<ToolView> tools) {

    /**
     * One tool.
     *
     * @param scope read, write, outbound, meta or control
     * @param risk what the gateway does with an agent's call: {@code direct}, {@code outbound} (frozen unless graduated), {@code gated} (always frozen)
     * @param idempotency read, idempotent, detectable or blind: how a call in doubt is recovered
     * @param notYet a sentence that says with what it comes, where nothing of it works yet
     * @param actions empty for a tool without actions
     * @param prompt what else a person may say at a prompt; no model is shown it
     */
    public record ToolView(
            String name,
            String description,
            JsonNode inputSchema,
            JsonNode outputSchema,
            String scope,
            String risk,
            String idempotency,
            @Nullable String notYet,
            List<ToolAction> actions,
            JsonNode examples,
            @Nullable PromptWords prompt) {}

    /**
     * The words of a prompt that a tool takes beside its own, so that its schema stays as small as its readers want it.
     *
     * @param actions another name of an action
     * @param options another name of an argument; {@code props/kind} is one within an object
     * @param defaults an argument to the one whose value it takes when it is absent
     * @param notYet an option that nothing takes yet, with a sentence that says with what it comes
     * @param words an action to the argument that is meant by words without an option, once it has what it requires
     */
    public record PromptWords(
            Map<String, String> actions,
            Map<String, String> options,
            Map<String, String> defaults,
            Map<String, String> notYet,
            Map<String, String> words) {
        public PromptWords {
            actions = actions == null ? Map.of() : new LinkedHashMap<>(actions);
            options = options == null ? Map.of() : new LinkedHashMap<>(options);
            defaults = defaults == null ? Map.of() : new LinkedHashMap<>(defaults);
            notYet = notYet == null ? Map.of() : new LinkedHashMap<>(notYet);
            words = words == null ? Map.of() : new LinkedHashMap<>(words);
        }
    }

    /**
     * One action of a tool, with the classes it has of its own or from its tool.
     *
     * @param description one sentence
     * @param requires arguments it cannot do without, beyond those that the schema requires of all
     * @param ownerOnly whether nobody but the owner may do it
     * @param notYet a sentence that says with what it comes, where it does not work yet
     */
    public record ToolAction(
            String name,
            String description,
            String scope,
            String risk,
            String idempotency,
            List<String> requires,
            boolean ownerOnly,
            @Nullable String notYet) {}
}
