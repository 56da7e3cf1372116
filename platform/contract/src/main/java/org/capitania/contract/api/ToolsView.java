package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The catalogue ({@code GET /v1/tools}), in alphabetical order. */
public record ToolsView(List<ToolView> tools) {

    /**
     * One tool.
     *
     * @param scope read, write, outbound, meta or control
     * @param risk what the gateway does with an agent's call: {@code direct}, {@code outbound} (frozen unless graduated), {@code gated} (always frozen)
     * @param idempotency read, idempotent, detectable or blind: how a call in doubt is recovered
     */
    public record ToolView(
            String name,
            String description,
            JsonNode inputSchema,
            JsonNode outputSchema,
            String scope,
            String risk,
            String idempotency,
            JsonNode examples) {}
}
