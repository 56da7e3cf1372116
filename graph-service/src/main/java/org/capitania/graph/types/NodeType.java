package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type of node, as its file says.
 *
 * @param slugProps the props its slugs are made of: the first that has a value
 * @param statuses what its status may be; empty when it has none
 * @param transitions its state machine: what each status may become; empty when any may become any
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
        Map<String, List<String>> transitions,
        boolean mirror) {

    /** Whether its status may change so; a status that the chart does not have, such as a company's own, may change as it likes. */
    public boolean mayMove(String from, String to) {
        return from.equals(to)
                || !transitions.containsKey(from)
                || !transitions.containsKey(to)
                || movesFrom(from).contains(to);
    }

    /** What a status may become. */
    public List<String> movesFrom(String status) {
        return transitions.getOrDefault(status, List.of());
    }

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
                transitions(schema.path("x-transitions")),
                schema.path("x-mirror").asBoolean());
    }

    private static Map<String, List<String>> transitions(JsonNode chart) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        chart.properties().forEach(state -> all.put(state.getKey(), Schemas.texts(state.getValue())));
        return all;
    }
}
