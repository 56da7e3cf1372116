package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The node and edge types of the graph ({@code GET /v1/types}), each with its JSON Schema; members {@code x-…} say statuses, ends, cardinalities and sensitivity. */
public record GraphTypes(List<Type> nodes, List<Type> edges) {

    /** One type. */
    public record Type(String name, String title, String description, JsonNode schema) {}
}
