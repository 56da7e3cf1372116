package org.capitania.cli.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.capitania.cli.Failure;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Json;

/** Turns options at a prompt into a tool's arguments, by the types its schema gives them. */
final class ToolArguments {
    private final JsonNode schema;
    private final JsonNode actions;

    /**
     * The arguments of a tool.
     *
     * @param actions what each action requires beyond the schema
     */
    ToolArguments(JsonNode schema, JsonNode actions) {
        this.schema = schema;
        this.actions = actions;
    }

    /**
     * @param words the action first where the tool has one; then {@code --name value}, {@code --name=value}, {@code --name} for true, and
     *     the arguments that the tool and its action require, in order, without their names
     */
    ObjectNode parse(List<String> words) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            if (!option.startsWith("--")) {
                rest.add(option);
                continue;
            }
            int equals = option.indexOf('=');
            String name = (equals < 0 ? option.substring(2) : option.substring(2, equals)).replace('-', '_');
            if (equals >= 0) {
                put(arguments, name, option.substring(equals + 1));
            } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
                put(arguments, name, words.get(++i));
            } else {
                put(arguments, name, "true");
            }
        }
        placeWords(arguments, rest);
        return arguments;
    }

    private void placeWords(ObjectNode arguments, List<String> words) {
        List<String> rest = new ArrayList<>(words);
        if (!rest.isEmpty() && property("action").isObject() && !arguments.has("action")) {
            arguments.put("action", rest.removeFirst().replace('-', '_'));
        }
        List<String> missing = required(Fields.text(arguments, "action")).stream()
                .filter(name -> !arguments.has(name))
                .toList();
        for (String name : missing) {
            if (!rest.isEmpty()) {
                boolean last = name.equals(missing.getLast());
                put(arguments, name, last ? String.join(" ", rest) : rest.getFirst());
                rest = last ? new ArrayList<>() : new ArrayList<>(rest.subList(1, rest.size()));
            }
        }
        if (!rest.isEmpty()) {
            throw Failure.caller(
                    "bad_request",
                    "do not know what " + String.join(" ", rest) + " is; options are " + String.join(", ", names()));
        }
    }

    /** What the schema requires, then what the action does. */
    private List<String> required(String action) {
        List<String> names = new ArrayList<>();
        schema.path("required").forEach(name -> names.add(name.asText()));
        for (JsonNode each : actions) {
            if (Fields.text(each, "name").equals(action)) {
                each.path("requires").forEach(name -> names.add(name.asText()));
            }
        }
        names.remove("action");
        return names;
    }

    private void put(ObjectNode arguments, String name, String text) {
        JsonNode property = property(name);
        if (!property.isObject()) {
            throw Failure.caller(
                    "bad_request",
                    "there is no option --" + name.replace('_', '-') + "; options are " + String.join(", ", names()));
        }
        switch (property.path("type").asText("string")) {
            case "integer", "number", "boolean", "object" -> arguments.set(name, json(name, text));
            case "array" -> {
                if (text.startsWith("[")) {
                    arguments.set(name, json(name, text));
                } else {
                    arguments.withArray("/" + name).add(text);
                }
            }
            default -> arguments.put(name, text);
        }
    }

    private static JsonNode json(String name, String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw Failure.caller("bad_request", "--" + name + ": " + text + " is not what its type needs");
        }
    }

    private JsonNode property(String name) {
        return schema.path("properties").path(name);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(name -> names.add("--" + name.replace('_', '-')));
        return names;
    }
}
