package org.capitania.graph.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.Json;

/**
 * The types one tenant knows at one moment: those every company has, with its own props on them, and its own types.
 *
 * @param revision rises with each change; 0 while the tenant has added nothing
 */
public record Types(Map<String, NodeType> nodeTypes, Map<String, EdgeType> edgeTypes, long revision) {

    public Optional<NodeType> node(String name) {
        return Optional.ofNullable(nodeTypes.get(name));
    }

    public Optional<EdgeType> edge(String name) {
        return Optional.ofNullable(edgeTypes.get(name));
    }

    public Collection<NodeType> nodes() {
        return nodeTypes.values();
    }

    public Collection<EdgeType> edges() {
        return edgeTypes.values();
    }

    public List<String> nodeNames() {
        return List.copyOf(nodeTypes.keySet());
    }

    /** How many edges of a type may leave or lead to a node: {@code {"driven_by": {"from": 1}}}. */
    public ObjectNode bounds() {
        ObjectNode bounds = Json.MAPPER.createObjectNode();
        for (EdgeType type : edges()) {
            type.maxPerFrom()
                    .ifPresent(max -> bounds.withObjectProperty(type.name()).put("from", max));
            type.maxPerTo()
                    .ifPresent(max -> bounds.withObjectProperty(type.name()).put("to", max));
        }
        return bounds;
    }

    /** These with what a tenant has defined, in the order it did. */
    Types with(List<TypeDefinition> own, long newRevision) {
        Map<String, NodeType> nodes = new LinkedHashMap<>(nodeTypes);
        Map<String, EdgeType> edges = new LinkedHashMap<>(edgeTypes);
        for (TypeDefinition definition : own) {
            String name = definition.name();
            switch (definition.kind()) {
                case NODE -> {
                    NodeType there = nodeTypes.get(name);
                    nodes.put(
                            name,
                            NodeType.of(
                                    name, Extension.of(there == null ? null : there.schema(), definition.schema())));
                }
                case EDGE -> {
                    EdgeType there = edgeTypes.get(name);
                    edges.put(
                            name,
                            EdgeType.of(
                                    name, Extension.of(there == null ? null : there.schema(), definition.schema())));
                }
            }
        }
        return new Types(nodes, edges, newRevision);
    }
}
