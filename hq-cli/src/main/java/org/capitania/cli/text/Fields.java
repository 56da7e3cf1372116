package org.capitania.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads an answer for people: what is absent is empty text, never a failure. */
public final class Fields {
    private Fields() {}

    public static String text(JsonNode node, String name) {
        return text(node.path(name));
    }

    public static String text(JsonNode node) {
        if (node.isArray()) {
            return items(node).stream().map(Fields::text).collect(Collectors.joining(", "));
        }
        if (node.isObject()) {
            String address = node.path("address").asText("");
            return address.isEmpty() ? node.toString() : address;
        }
        return node.isNull() ? "" : node.asText("");
    }

    /** The first of several members that says anything. */
    public static String first(JsonNode node, String... names) {
        for (String name : names) {
            String text = text(node, name);
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    /** The elements of a list, also of one wrapped as {@code {"items":[…]}}. */
    public static List<JsonNode> items(JsonNode node) {
        JsonNode list = node.isArray() ? node : node.path("items");
        return StreamSupport.stream(list.spliterator(), false).toList();
    }
}
