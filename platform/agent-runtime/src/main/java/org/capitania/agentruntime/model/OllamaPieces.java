package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.capitania.contract.Json;

/** Ollama's lines: each a message of its own, the last one with the figures. */
final class OllamaPieces implements AnswerPieces {
    private final StringBuilder content = new StringBuilder();
    private final ArrayNode calls = Json.MAPPER.createArrayNode();
    private Optional<ObjectNode> last = Optional.empty();

    @Override
    public String take(JsonNode line) {
        String words = line.at("/message/content").asText();
        content.append(words);
        line.at("/message/tool_calls").forEach(calls::add);
        if (line.path("done").asBoolean()) {
            last = Optional.of(line.deepCopy());
        }
        return words;
    }

    @Override
    public Optional<ObjectNode> whole() {
        last.ifPresent(answer -> {
            ObjectNode message = answer.putObject("message").put("role", "assistant");
            message.put("content", content.toString());
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
        });
        return last;
    }
}
