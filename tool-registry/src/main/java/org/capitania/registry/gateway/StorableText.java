package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.capitania.contract.Json;

/** JSON without the characters that PostgreSQL takes for no text: NUL and halves of surrogate pairs. */
final class StorableText {
    private static final char UNKNOWN = '\uFFFD';

    private StorableText() {}

    static JsonNode of(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.MAPPER.createObjectNode();
            object.properties().forEach(p -> copy.set(clean(p.getKey()), of(p.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            array.forEach(e -> copy.add(of(e)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(clean(node.asText())) : node;
    }

    private static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean lone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            out.appendCodePoint(c == 0 || lone ? UNKNOWN : c);
        });
        return out.toString();
    }
}
