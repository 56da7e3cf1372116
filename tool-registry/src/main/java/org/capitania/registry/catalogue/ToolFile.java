package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tool file as it stands under {@code tools/}, before it is checked. */
record ToolFile(
        String name,
        String description,
        ToolScope scope,
        Risk risk,
        Idempotency idempotency,
        @Nullable Map<String, VerbFile> actions,
        ObjectNode inputSchema,
        ObjectNode outputSchema,
        List<JsonNode> examples) {

    /** What one action has of its own; what it leaves out it takes from the tool. */
    record VerbFile(
            @Nullable ToolScope scope,
            @Nullable Risk risk,
            @Nullable Idempotency idempotency,
            @Nullable List<String> requires,
            @Nullable Boolean ownerOnly) {}
}
