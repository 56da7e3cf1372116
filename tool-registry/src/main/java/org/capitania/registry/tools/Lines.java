package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.jspecify.annotations.Nullable;

/** Nodes as tools show them: what helps a reader, no bookkeeping, long texts cut. */
final class Lines {
    private static final int LONGEST = 8000;

    private Lines() {}

    static ObjectNode brief(NodeView node) {
        ObjectNode line = Json.MAPPER.createObjectNode().put("id", node.id());
        put(line, "slug", node.slug());
        put(line, "title", node.title());
        put(line, "status", node.status());
        return line;
    }

    static ObjectNode full(NodeView node) {
        ObjectNode shown = brief(node);
        shown.put("type", node.type()).put("version", node.version()).put("tainted", node.tainted());
        ObjectNode props = shown.putObject("props");
        for (Map.Entry<String, JsonNode> prop : node.props().properties()) {
            props.set(prop.getKey(), cut(prop.getValue()));
        }
        put(shown, "priority", node.priority());
        if (node.occurredAt() != null) {
            shown.put("occurred_at", node.occurredAt().toString());
        }
        shown.put("updated_at", node.updatedAt().toString());
        return shown;
    }

    /** A node in full with its direct connections. */
    static ObjectNode detail(NodeView.Detail detail) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.set("node", full(detail.node()));
        data.set("producer", brief(detail.producer()));
        ArrayNode edges = data.putArray("edges");
        for (EdgeView edge : detail.edges()) {
            edges.addObject()
                    .put("type", edge.type())
                    .put("direction", edge.direction() == EdgeView.Direction.IN ? "in" : "out")
                    .set("other", brief(edge.other()));
        }
        if (detail.moreEdges()) {
            data.put("more_edges", true);
        }
        return data;
    }

    static ObjectNode brief(NodeView.Brief node) {
        ObjectNode line = Json.MAPPER.createObjectNode().put("id", node.id()).put("type", node.type());
        put(line, "slug", node.slug());
        put(line, "title", node.title());
        return line;
    }

    /** Sets what there is. */
    static void put(ObjectNode line, String name, @Nullable String value) {
        if (value != null) {
            line.put(name, value);
        }
    }

    static ArrayNode array() {
        return Json.MAPPER.createArrayNode();
    }

    static JsonNode cut(JsonNode value) {
        if (!value.isTextual() || value.asText().length() <= LONGEST) {
            return value;
        }
        String text = value.asText();
        return TextNode.valueOf(text.substring(0, LONGEST) + "… (" + text.length() + " characters in all)");
    }
}
