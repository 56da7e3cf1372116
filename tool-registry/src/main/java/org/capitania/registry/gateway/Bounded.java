package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.contract.Json;

/** Values as events carry them: what is too large for one is named by size and beginning; the journal has it whole. */
final class Bounded {
    private static final int LIMIT = 128 * 1024;
    private static final int HEAD = 2000;

    private Bounded() {}

    /** Whether JSON is small enough, however many bytes a character takes. */
    static boolean surelyFits(String json) {
        return json.length() <= LIMIT / 3;
    }

    static JsonNode of(JsonNode value) {
        int size = Json.bytes(value).length;
        if (size <= LIMIT) {
            return value;
        }
        String text = value.toString();
        return Json.MAPPER
                .createObjectNode()
                .put("cut", true)
                .put("bytes", size)
                .put("head", text.substring(0, text.offsetByCodePoints(0, HEAD)));
    }
}
