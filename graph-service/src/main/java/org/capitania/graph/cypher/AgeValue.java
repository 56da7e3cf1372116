package org.capitania.graph.cypher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** A value as AGE writes it, which is JSON with marks of its own: {@code {…}::vertex}, {@code 1.5::numeric}, {@code NaN}. */
final class AgeValue {
    private static final Pattern PART = Pattern.compile("(\"(?:[^\"\\\\]|\\\\.)*+\")|::[a-z_]+|(-?Infinity|NaN)");

    private AgeValue() {}

    /** The value as JSON; what JSON has no number for is its name. */
    static JsonNode json(@Nullable String written) {
        if (written == null) {
            return NullNode.getInstance();
        }
        String json = PART.matcher(written)
                .replaceAll(part -> java.util.regex.Matcher.quoteReplacement(
                        part.group(1) != null
                                ? part.group(1)
                                : part.group(2) != null ? '"' + part.group(2) + '"' : ""));
        try {
            return Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CapitaniaException(ErrorCode.INTERNAL, "AGE answered what is no JSON", e);
        }
    }
}
