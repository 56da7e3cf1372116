package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;

/**
 * A type of edge, as its file says.
 *
 * @param from the types it may leave; {@code *} means any
 * @param to the types it may lead to
 * @param maxPerFrom how many live ones may leave a node; the lower bound is a gap, not an error (decision 7)
 * @param maxPerTo how many live ones may lead to a node
 */
public record EdgeType(
        String name,
        String title,
        String description,
        JsonNode schema,
        PropsSchema props,
        List<String> from,
        List<String> to,
        OptionalInt maxPerFrom,
        OptionalInt maxPerTo,
        TaintFlow taint) {
    private static final String ANY = "*";

    /** Which end inherits the taint of the other when it is created with the edge. */
    public enum TaintFlow {
        NONE,
        FROM_INHERITS,
        TO_INHERITS
    }

    static EdgeType of(String name, JsonNode schema) {
        JsonNode cardinality = schema.path("x-cardinality");
        return new EdgeType(
                name,
                schema.path("title").asText(name),
                schema.path("description").asText(),
                schema,
                new PropsSchema(schema),
                Schemas.texts(schema.path("x-from")),
                Schemas.texts(schema.path("x-to")),
                max(cardinality.path("per_from")),
                max(cardinality.path("per_to")),
                switch (schema.path("x-taint").asText()) {
                    case "from_inherits" -> TaintFlow.FROM_INHERITS;
                    case "to_inherits" -> TaintFlow.TO_INHERITS;
                    default -> TaintFlow.NONE;
                });
    }

    public boolean mayLeave(String nodeType) {
        return from.contains(ANY) || from.contains(nodeType);
    }

    public boolean mayLeadTo(String nodeType) {
        return to.contains(ANY) || to.contains(nodeType);
    }

    private static OptionalInt max(JsonNode side) {
        return side.has("max") ? OptionalInt.of(side.get("max").asInt()) : OptionalInt.empty();
    }
}
