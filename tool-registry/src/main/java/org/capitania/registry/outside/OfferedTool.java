package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.InputSchema;
import org.capitania.registry.freezing.Canonical;

/**
 * A tool as its server offers it.
 *
 * @param tool our name for it
 * @param definition everything of it that a model or a person would see
 * @param hash of the canonical definition
 */
record OfferedTool(String tool, String server, String remoteName, JsonNode definition, String hash) {
    /** What no tool of our own has in its name. */
    static final String BETWEEN = "__";

    private static final List<String> SEEN =
            List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");
    private static final int LONGEST_NAME = 64;
    private static final int LARGEST = 32 * 1024;

    static OfferedTool of(String server, JsonNode offered) {
        ObjectNode definition = Json.MAPPER.createObjectNode();
        SEEN.stream().filter(offered::hasNonNull).forEach(field -> definition.set(field, offered.get(field)));
        String canonical = new String(Canonical.bytes(definition), StandardCharsets.UTF_8);
        String remote = offered.path("name").asText();
        return new OfferedTool(
                name(server, remote), server, remote, definition, Canonical.sha256("outside tool", canonical));
    }

    /** {@code drive} and {@code search} is {@code drive__search}; a name that has to be changed to be legal carries a piece of its hash, so that no two are one. */
    static String name(String server, String remote) {
        String plain = remote.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String whole = server + BETWEEN + plain;
        if (plain.equals(remote) && whole.length() <= LONGEST_NAME) {
            return whole;
        }
        String tail = "_" + Canonical.sha256(remote).substring(0, 8);
        return whole.substring(0, Math.min(whole.length(), LONGEST_NAME - tail.length())) + tail;
    }

    /** Why it can never be used, whatever the owner says. */
    static Optional<String> objection(JsonNode definition) {
        JsonNode schema = definition.path("inputSchema");
        if (definition.path("name").asText().isBlank()
                || !schema.path("type").asText().equals("object")) {
            return Optional.of("it has no name, or its arguments are no object");
        }
        if (definition.toString().length() > LARGEST) {
            return Optional.of("its definition has more than " + LARGEST + " characters");
        }
        if (refersElsewhere(schema)) {
            return Optional.of("its schema refers to another document");
        }
        try {
            if (new InputSchema(schema).check(Json.MAPPER.createObjectNode()).contains(InputSchema.ENDLESS)) {
                return Optional.of("its schema refers to itself without end");
            }
        } catch (RuntimeException e) {
            return Optional.of("its schema is none: " + e.getClass().getSimpleName());
        }
        return ShownSchema.objection(schema);
    }

    private static boolean refersElsewhere(JsonNode schema) {
        for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            if (schema.has(keyword) && !schema.path(keyword).asText().startsWith("#")) {
                return true;
            }
        }
        if (schema.has("$id")
                || (schema.has("$schema") && !schema.path("$schema").asText().contains("json-schema.org"))) {
            return true;
        }
        for (JsonNode child : schema) {
            if (refersElsewhere(child)) {
                return true;
            }
        }
        return false;
    }
}
