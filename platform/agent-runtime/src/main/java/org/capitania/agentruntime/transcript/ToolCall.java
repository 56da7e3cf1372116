package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;

/**
 * A tool call as the model wrote it.
 *
 * @param id the provider's id, which its result must repeat
 * @param arguments raw; may be cut off or no JSON at all
 */
public record ToolCall(String id, String tool, String arguments) {
    /** Starts an agent inside a project; there is one at a time. */
    public static final String PROJECT = "project_run";

    private static final Set<String> STARTS = Set.of("agent_spawn", PROJECT);

    /** Whether a call of the tool starts a session of its own, whose last words are its result. */
    public static boolean starts(String tool) {
        return STARTS.contains(tool);
    }

    /** The arguments when they are a whole JSON object; empty input counts as an empty object. */
    public Optional<ObjectNode> parsed() {
        if (arguments.isBlank()) {
            return Optional.of(Json.MAPPER.createObjectNode());
        }
        try {
            JsonNode node = Json.MAPPER.readTree(arguments);
            return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
