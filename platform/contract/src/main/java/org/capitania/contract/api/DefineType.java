package org.capitania.contract.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A type of the company's own, or its additions to one that every company has ({@code POST /v1/types}, the owner only). It replaces the company's earlier definition of
 * the name and may only widen it: no prop, status or enum value goes away, no limit narrows. 422 {@code schema_violation} with a path per fault.
 *
 * @param kind {@code node} or {@code edge}
 * @param schema a flat JSON Schema: type, properties, required, enum, format, limits, items; members {@code x-…} as in {@code GET /v1/types}
 */
public record DefineType(String kind, String name, ObjectNode schema) {}
