package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.capitania.contract.Json;

/** JSON without the characters that PostgreSQL takes for no text: NUL and halves of surrogate pairs. */
final class StorableText {
    private static final char UNKNOWN = '\uFFFD';

    private StorableText() {}

    /** The same without them; itself when there are none. */
    static JsonNode of(JsonNode node) {
        return holds(node) ? cleaned(node) : node;
    }

    private static boolean holds(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property : object.properties()) {
                if (!isText(property.getKey()) || holds(property.getValue())) {
                    return true;
                }
            }
            return false;
        }
        if (node.isArray()) {
            for (JsonNode each : node) {
                if (holds(each)) {
                    return true;
                }
            }
            return false;
        }
        return node.isTextual() && !isText(node.asText());
    }

    private static JsonNode cleaned(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.MAPPER.createObjectNode();
            object.properties().forEach(p -> copy.set(clean(p.getKey()), cleaned(p.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            array.forEach(e -> copy.add(cleaned(e)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(clean(node.asText())) : node;
    }

    /** Whether it is surely none of it; a pair of surrogates is text, and is looked at one by one. */
    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** The same text without them. */
    static String clean(String text) {
        if (isText(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean lone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            out.appendCodePoint(c == 0 || lone ? UNKNOWN : c);
        });
        return out.toString();
    }
}
