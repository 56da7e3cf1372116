package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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
            JsonNode examples) {}

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
