package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.capitania.registry.freezing.Canonical;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sent, in a form that can be kept.
 *
 * @param value the arguments, or what is kept in their place
 * @param exact whether that is what was sent: neither too large nor with characters that no store takes
 * @param digest of the tool and the canonical form of {@code value}
 */
record Arguments(JsonNode value, boolean exact, String digest) {
    static final int LIMIT = 256 * 1024;
    private static final int DEEPEST = 50;

    static Arguments of(String tool, @Nullable JsonNode sent) {
        JsonNode whole = sent == null || sent.isNull() ? Json.MAPPER.createObjectNode() : sent;
        if (depth(whole) > DEEPEST) {
            return kept(tool, "nested deeper than " + DEEPEST + " levels", whole);
        }
        int size = Json.bytes(whole).length;
        if (size > LIMIT) {
            return kept(tool, size + " bytes, more than " + LIMIT, whole);
        }
        JsonNode clean = StorableText.of(whole);
        // Arguments that are no object fail their schema; a digest needs an object or an array all the same.
        JsonNode canonical =
                clean.isContainerNode() ? clean : Json.MAPPER.createArrayNode().add(clean);
        try {
            return new Arguments(clean, clean.equals(whole), Canonical.digest(tool, Canonical.bytes(canonical)));
        } catch (CapitaniaException e) {
            return kept(tool, e.detail(), whole);
        }
    }

    private static Arguments kept(String tool, String why, JsonNode sent) {
        String sum = Canonical.sha256(Integer.toHexString(sent.hashCode()), why);
        ObjectNode instead = Json.MAPPER.createObjectNode().put("not_kept", why).put("sum", sum);
        return new Arguments(instead, false, Canonical.sha256(tool, sum));
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return node.isContainerNode() ? deepest + 1 : deepest;
    }
}
