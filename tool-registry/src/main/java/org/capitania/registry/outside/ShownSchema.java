package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capitania.contract.Json;

/**
 * Of an outside tool's schema what a model is shown. Providers and clients read few keywords at its root and refuse the whole request, with
 * all its tools, for another one ({@code $schema}, {@code title}, {@code anyOf}); what is left out the gateway holds all the same.
 */
final class ShownSchema {
    private static final List<String> ROOT = List.of("description", "properties", "required", "$defs");
    private static final Pattern PROPERTY = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final String OLD_DEFINITIONS = "#/definitions/";

    private ShownSchema() {}

    static ObjectNode of(JsonNode schema) {
        ObjectNode shown = Json.MAPPER.createObjectNode().put("type", "object");
        shown.putObject("properties");
        for (String keyword : ROOT) {
            if (schema.hasNonNull(keyword)) {
                shown.set(keyword, renamed(schema.path(keyword)));
            }
        }
        if (schema.path("definitions").isObject() && !shown.has("$defs")) {
            shown.set("$defs", renamed(schema.path("definitions")));
        }
        if (schema.path("additionalProperties").isBoolean()) {
            shown.set("additionalProperties", schema.path("additionalProperties"));
        }
        return shown;
    }

    /** Why no model can be shown it. */
    static Optional<String> objection(JsonNode schema) {
        ObjectNode shown = of(schema);
        for (String name :
                shown.path("properties").propertyStream().map(Map.Entry::getKey).toList()) {
            if (!PROPERTY.matcher(name).matches()) {
                return Optional.of("a model's provider takes no argument of the name " + name);
            }
        }
        try {
            ObjectNode tool = Json.MAPPER.createObjectNode().put("name", "it").put("description", "");
            ToolSpecification.fromJson(tool.set("parameters", shown).toString());
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("no model can be shown its schema: " + e.getMessage());
        }
    }

    /** The same with the name that definitions have today. */
    private static JsonNode renamed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.MAPPER.createObjectNode();
            object.properties().forEach(p -> copy.set(p.getKey(), ref(p.getKey(), renamed(p.getValue()))));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = Json.MAPPER.createArrayNode();
            node.forEach(each -> copy.add(renamed(each)));
            return copy;
        }
        return node;
    }

    private static JsonNode ref(String keyword, JsonNode value) {
        return keyword.equals("$ref") && value.asText().startsWith(OLD_DEFINITIONS)
                ? TextNode.valueOf("#/$defs/" + value.asText().substring(OLD_DEFINITIONS.length()))
                : value;
    }
}
