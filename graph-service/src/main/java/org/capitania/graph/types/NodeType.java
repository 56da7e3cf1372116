package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type of node, as its file says.
 *
 * @param slugProps the props its slugs are made of: the first that has a value
 * @param statuses what its status may be; empty when it has none
 * @param mirror whether it mirrors what another service owns, so that only services write it
 */
public record NodeType(
        String name,
        String title,
        String description,
        JsonNode schema,
        PropsSchema props,
        List<String> slugProps,
        List<String> statuses,
        @Nullable String defaultStatus,
        List<String> priorities,
        boolean mirror) {

    static NodeType of(String name, JsonNode schema) {
        return new NodeType(
                name,
                schema.path("title").asText(name),
                schema.path("description").asText(),
                schema,
                new PropsSchema(schema),
                Schemas.texts(schema.path("x-slug")),
                Schemas.texts(schema.path("x-statuses")),
                schema.path("x-default-status").textValue(),
                Schemas.texts(schema.path("x-priorities")),
                schema.path("x-mirror").asBoolean());
    }
}
