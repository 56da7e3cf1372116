package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.ToolsView.PromptWords;
import org.jspecify.annotations.Nullable;

/**
 * A tool file as it stands under {@code tools/}, before it is checked.
 *
 * @param cli {@code builtin} where hq has its verbs compiled in, which win; nothing where they grow from this file
 * @param notYet with what it comes, where nothing of it works yet: one sentence
 * @param prompt what else a person may say at a prompt
 * @param peopleRead the arguments that a person reads: they are held to plain language
 * @param node how its arguments become nodes, where it needs no class of its own
 */
record ToolFile(
        String name,
        String description,
        ToolScope scope,
        Risk risk,
        Idempotency idempotency,
        @Nullable String cli,
        @Nullable String notYet,
        @Nullable PromptWords prompt,
        @Nullable List<String> peopleRead,
        @Nullable NodeForm node,
        @Nullable Map<String, VerbFile> actions,
        ObjectNode inputSchema,
        ObjectNode outputSchema,
        List<JsonNode> examples) {

    ToolFile withInput(ObjectNode schema) {
        return new ToolFile(
                name,
                description,
                scope,
                risk,
                idempotency,
                cli,
                notYet,
                prompt,
                peopleRead,
                node,
                actions,
                schema,
                outputSchema,
                examples);
    }

    /** What one action says of itself; of the rest, what it leaves out it takes from the tool. */
    record VerbFile(
            String description,
            @Nullable ToolScope scope,
            @Nullable Risk risk,
            @Nullable Idempotency idempotency,
            @Nullable List<String> requires,
            @Nullable Boolean ownerOnly,
            @Nullable String cli,
            @Nullable String notYet) {}
}
