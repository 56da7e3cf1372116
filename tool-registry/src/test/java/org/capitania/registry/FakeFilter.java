package org.capitania.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.capitania.contract.api.NodeView;

/** The filters of {@code GET /v1/nodes}, on one node. */
final class FakeFilter {
    private FakeFilter() {}

    /** A query string by its names. */
    static Map<String, String> query(String text) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split("&")) {
            String[] pair = part.split("=", 2);
            all.put(URLDecoder.decode(pair[0], UTF_8), URLDecoder.decode(pair[1], UTF_8));
        }
        return all;
    }

    /** @param linked the slugs that the node's edges of a type lead to */
    static boolean matches(NodeView node, Map<String, String> query, Function<String, List<String>> linked) {
        return query.entrySet().stream().allMatch(q -> matches(node, q.getKey(), q.getValue(), linked));
    }

    private static boolean matches(NodeView node, String name, String value, Function<String, List<String>> linked) {
        if (name.startsWith("to.")) {
            return linked.apply(name.substring(3)).contains(value);
        }
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
