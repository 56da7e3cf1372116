package org.capitania.registry.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.capitania.contract.Json;

/**
 * What of JSON Schema a provider compiles when a tool is strict. A bound that it cannot compile is left out and, where a model would trip over it, said
 * in the description; the gateway checks the whole schema in any case. A schema whose shape it cannot compile has no strict form.
 */
enum Grammar {
    /** No bounds of numbers and lengths, {@code minItems} of 0 or 1 only; optional parameters are counted over all tools of a request. */
    ANTHROPIC(
            Set.of("minimum", "maximum", "minLength", "maxLength", "maxItems", "minProperties", "maxProperties"),
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"),
            true),
    /** No bounds of lengths, and every property is required: what may be left out cannot be said, since the gateway takes no null for it. */
    OPENAI(
            Set.of("minLength", "maxLength", "minProperties", "maxProperties"),
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"),
            false);

    private static final Set<String> COMPILED = Set.of(
            "type",
            "description",
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "format",
            "pattern",
            "minItems",
            "maxItems",
            "minimum",
            "maximum");

    private final Set<String> dropped;
    private final Set<String> formats;
    private final boolean optional;

    Grammar(Set<String> dropped, Set<String> formats, boolean optional) {
        this.dropped = dropped;
        this.formats = formats;
        this.optional = optional;
    }

    /** Whether the schema can be compiled once {@link #strict} has left out what may be left out. */
    boolean takes(JsonNode schema) {
        for (String keyword : names(schema)) {
            if (!COMPILED.contains(keyword) && !dropped.contains(keyword)) {
                return false;
            }
        }
        if (schema.has("format") && !formats.contains(schema.path("format").asText())) {
            return false;
        }
        if (schema.path("pattern").asText("").contains("(?")) {
            return false;
        }
        if (schema.path("type").asText().equals("object") && !closed(schema)) {
            return false;
        }
        for (JsonNode property : schema.path("properties")) {
            if (!takes(property)) {
                return false;
            }
        }
        return !schema.has("items") || takes(schema.path("items"));
    }

    private boolean closed(JsonNode schema) {
        boolean nothingElse = schema.path("additionalProperties").isBoolean()
                && !schema.path("additionalProperties").asBoolean();
        return nothingElse && schema.has("properties") && (optional || optionals(schema) == 0);
    }

    /** How many parameters, at any depth, may be left out. */
    static int optionals(JsonNode schema) {
        Set<String> required = Set.copyOf(texts(schema.path("required")));
        int count = (int) names(schema.path("properties")).stream()
                .filter(p -> !required.contains(p))
                .count();
        for (JsonNode property : schema.path("properties")) {
            count += optionals(property);
        }
        return schema.has("items") ? count + optionals(schema.path("items")) : count;
    }

    /** The form that is compiled. */
    ObjectNode strict(ObjectNode schema) {
        ObjectNode form = schema.deepCopy();
        List<String> said = new ArrayList<>();
        bound(form, "minimum", "at least", said);
        bound(form, "maximum", "at most", said);
        if (dropped.contains("maxItems") && form.has("maxItems")) {
            said.add("at most " + form.path("maxItems") + " of them");
        }
        if (dropped.contains("maxItems") && form.path("minItems").asInt() > 1) {
            said.add("at least " + form.path("minItems") + " of them");
            form.remove("minItems");
        }
        form.remove(dropped);
        if (!said.isEmpty()) {
            String before = form.path("description").asText("");
            form.put("description", (before.isEmpty() ? "" : before + " ") + "(" + String.join(", ", said) + ")");
        }
        form.path("properties").properties().forEach(p -> p.setValue(strict((ObjectNode) p.getValue())));
        if (form.path("items") instanceof ObjectNode items) {
            form.set("items", strict(items));
        }
        if (!form.has("type") && form.path("enum") instanceof ArrayNode) {
            form.put("type", "string");
        }
        return form;
    }

    private void bound(ObjectNode form, String keyword, String words, List<String> said) {
        if (dropped.contains(keyword) && form.has(keyword)) {
            said.add(words + " " + form.path(keyword));
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return List.of(Json.convert(array.isArray() ? array : Json.MAPPER.createArrayNode(), String[].class));
    }
}
