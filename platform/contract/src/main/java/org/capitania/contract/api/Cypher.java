package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query in Cypher ({@code POST /v1/cypher}), read only.
 *
 * @param query labels are node types, relationship types are edge types in capitals: {@code MATCH (c:contact)-[:WORKS_FOR]->(e:entity) RETURN c.name}
 * @param parameters the values of its {@code $names}
 * @param limit of the rows answered; 100 unless given, at most 1000
 */
public record Cypher(
        @Nullable String query,
        @Nullable ObjectNode parameters,
        @Nullable Integer limit) {

    /**
     * The answer.
     *
     * @param columns what is returned, by alias or as written
     * @param rows a value a column; a vertex is {@code {id, label, properties}}, where only {@code properties.id} means something elsewhere
     * @param truncated whether there are more rows than the limit
     * @param asOf every change committed by then is in it
     * @param nodes how many the whole graph has: those not archived
     * @param edges likewise, those that hold
     */
    public record Result(
            List<String> columns, List<List<JsonNode>> rows, boolean truncated, Instant asOf, long nodes, long edges) {}

    /**
     * Whether queries are answered here ({@code GET /v1/cypher}).
     *
     * @param version of Apache AGE
     * @param note what is missing
     */
    public record Availability(
            boolean available,
            @Nullable String version,
            @Nullable String note) {}
}
