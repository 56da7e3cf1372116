package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;

/** Nodes as tools show them: what helps a reader, no bookkeeping, long texts cut. */
final class Lines {
    private static final int LONGEST = 8000;

    private Lines() {}

    static ObjectNode brief(NodeView node) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", node.id())
                .put("slug", node.slug())
                .put("title", node.title())
                .put("status", node.status());
    }

    static ObjectNode full(NodeView node) {
        ObjectNode shown = brief(node);
        shown.put("type", node.type()).put("version", node.version()).put("tainted", node.tainted());
        ObjectNode props = shown.putObject("props");
        for (Map.Entry<String, JsonNode> prop : node.props().properties()) {
            props.set(prop.getKey(), cut(prop.getValue()));
        }
        if (node.occurredAt() != null) {
            shown.put("occurred_at", node.occurredAt().toString());
        }
        shown.put("updated_at", node.updatedAt().toString());
        return shown;
    }

    static ObjectNode brief(NodeView.Brief node) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", node.id())
                .put("slug", node.slug())
                .put("type", node.type())
                .put("title", node.title());
    }

    static ArrayNode array() {
        return Json.MAPPER.createArrayNode();
    }

    private static JsonNode cut(JsonNode value) {
        if (!value.isTextual() || value.asText().length() <= LONGEST) {
            return value;
        }
        String text = value.asText();
        return TextNode.valueOf(text.substring(0, LONGEST) + "… (" + text.length() + " characters in all)");
    }
}
