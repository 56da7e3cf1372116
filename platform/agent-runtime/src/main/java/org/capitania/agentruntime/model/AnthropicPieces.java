package org.capitania.agentruntime.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.capitania.contract.Json;

/** The events of the Messages API. Blocks follow each other; one without words comes whole, or its input grows. */
final class AnthropicPieces implements AnswerPieces {
    private final ObjectNode message = Json.MAPPER.createObjectNode();
    private final ArrayNode content = Json.MAPPER.createArrayNode();
    private final StringBuilder grown = new StringBuilder();
    private ObjectNode block = Json.MAPPER.createObjectNode();
    private boolean torn;
    private boolean ended;

    @Override
    public String take(JsonNode event) {
        switch (event.path("type").asText()) {
            case "message_start" ->
                event.path("message").properties().forEach(e -> message.set(e.getKey(), e.getValue()));
            case "content_block_start" -> {
                block = event.path("content_block").deepCopy();
                content.add(block);
                grown.setLength(0);
            }
            case "content_block_delta" -> {
                return grow(event.path("delta"));
            }
            case "content_block_stop" -> close();
            case "message_delta" -> {
                event.path("delta").properties().forEach(e -> message.set(e.getKey(), e.getValue()));
                ObjectNode usage = message.withObject("/usage");
                event.path("usage").properties().forEach(e -> usage.set(e.getKey(), e.getValue()));
            }
            case "message_stop" -> ended = true;
            default -> {
                // A ping, or what is still to be invented.
            }
        }
        return "";
    }

    private String grow(JsonNode delta) {
        switch (delta.path("type").asText()) {
            case "text_delta" -> {
                grown.append(delta.path("text").asText());
                return delta.path("text").asText();
            }
            case "input_json_delta" -> grown.append(delta.path("partial_json").asText());
            case "thinking_delta" -> grown.append(delta.path("thinking").asText());
            case "signature_delta" -> block.set("signature", delta.path("signature"));
            case "citations_delta" -> block.withArray("/citations").add(delta.path("citation"));
            default -> {
                // As above.
            }
        }
        return "";
    }

    private void close() {
        String type = block.path("type").asText();
        if (type.equals("text") || type.equals("thinking")) {
            block.put(type, block.path(type).asText() + grown);
        } else if (!grown.isEmpty()) {
            try {
                block.set("input", Json.MAPPER.readTree(grown.toString()));
            } catch (JsonProcessingException e) {
                // At the output limit; nothing of such a reply is executed.
                torn = true;
            }
        }
    }

    @Override
    public Optional<ObjectNode> whole() {
        if (torn && !message.path("stop_reason").asText().equals("max_tokens")) {
            throw AnswerPieces.cutOff("the input of a call in the provider's answer is no JSON");
        }
        return ended ? Optional.of(message.set("content", content)) : Optional.empty();
    }
}
