package org.capitania.registry;

import java.util.List;
import java.util.Map;
import org.capitania.contract.api.NodeView;

/** The filters of {@code GET /v1/nodes}, on one node. */
final class FakeFilter {
    private FakeFilter() {}

    static boolean matches(NodeView node, Map<String, String> query) {
        return query.entrySet().stream().allMatch(q -> matches(node, q.getKey(), q.getValue()));
    }

    private static boolean matches(NodeView node, String name, String value) {
        if (name.startsWith("prop.")) {
            return node.props().path(name.substring(5)).toString().contains(value);
        }
        if (name.startsWith("least.")) {
            return node.props().path(name.substring(6)).asDouble(-1) >= Double.parseDouble(value);
        }
        return switch (name) {
            case "type" -> value.equals(node.type());
            case "external_id" -> value.equals(node.externalId());
            case "status" -> List.of(value.split(",")).contains(node.status());
            case "tag" -> node.tags().contains(value);
            case "tainted" -> value.equals(String.valueOf(node.tainted()));
            case "q" -> node.props().toString().toLowerCase().contains(value.toLowerCase());
            default -> true;
        };
    }
}
