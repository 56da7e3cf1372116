package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;

/**
 * Marks in a request to Anthropic how far its conversation may be cached: to the end of what is said now, and to where the last request
 * ended, which is what this one finds again. System and tools have their own two marks; four are allowed.
 */
final class CacheMarks {
    private CacheMarks() {}

    static void mark(ObjectNode request) {
        List<ObjectNode> ours = new ArrayList<>();
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                ours.add((ObjectNode) message);
            }
        }
        ours.subList(Math.max(0, ours.size() - 2), ours.size()).forEach(CacheMarks::end);
    }

    private static void end(ObjectNode message) {
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            ArrayNode blocks = Json.MAPPER.createArrayNode();
            blocks.addObject().put("type", "text").put("text", content.asText());
            message.set("content", blocks);
            content = blocks;
        }
        if (content.isArray() && !content.isEmpty() && content.get(content.size() - 1) instanceof ObjectNode last) {
            last.putObject("cache_control").put("type", "ephemeral");
        }
    }
}
