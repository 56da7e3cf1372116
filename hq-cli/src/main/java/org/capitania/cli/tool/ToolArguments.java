package org.capitania.cli.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Nearest;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;

/** Turns what is said at a prompt into a tool's arguments, by the types its schema gives them and the words its definition takes beside. */
final class ToolArguments {
    private static final String FILE = "_file";
    /** Of these a length of time is an age; of all others it lies ahead. */
    private static final Set<String> PAST = Set.of("since", "from", "occurred_at", "received_at", "started_at");

    private final JsonNode schema;
    private final JsonNode actions;
    private final JsonNode prompt;
    private final Environment environment;

    /**
     * The arguments of a tool.
     *
     * @param tool its definition as it is published
     */
    ToolArguments(JsonNode tool, Environment environment) {
        this.schema = tool.path("input_schema");
        this.actions = tool.path("actions");
        this.prompt = tool.path("prompt");
        this.environment = environment;
    }

    /**
     * @param words the action first where the tool has one; then {@code --name value}, {@code --name=value}, {@code --name} for true,
     *     {@code --name-file FILE} for a text that a file holds, and the arguments that the tool and its action require, in order, without
     *     their names, and then the one that its prompt's {@code words} name
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
            String name = underscored(equals < 0 ? option.substring(2) : option.substring(2, equals));
            if (equals >= 0) {
                option(arguments, name, option.substring(equals + 1));
            } else if (i + 1 < words.size() && isValue(name, words.get(i + 1))) {
                option(arguments, name, words.get(++i));
            } else {
                option(arguments, name, alone(name));
            }
        }
        placeWords(arguments, rest);
        prompt.path("defaults").properties().forEach(each -> {
            String other = each.getValue().asText();
            if (!arguments.has(each.getKey()) && arguments.has(other)) {
                arguments.set(each.getKey(), arguments.get(other));
            }
        });
        return arguments;
    }

    /** Whether the word behind an option is what it is given; an option that is true by itself takes no other word. */
    private boolean isValue(String name, String word) {
        boolean alone = property(name).path("type").asText().equals("boolean");
        return !word.startsWith("--") && (!alone || word.equals("true") || word.equals("false"));
    }

    /** What an option without a value means; only one that is yes or no has a meaning then. */
    private String alone(String name) {
        String type = declared(name).path("type").asText("boolean");
        if (!type.equals("boolean")) {
            throw Failure.caller("bad_request", "--" + dashed(name) + " needs a value behind it");
        }
        return "true";
    }

    /** The schema of what an option gives, or nothing when it is unknown. */
    private JsonNode declared(String name) {
        String[] path = prompt.path("options").path(name).asText(name).split("/", 2);
        return path.length == 1
                ? property(name)
                : property(path[0]).path("properties").path(path[1]);
    }

    /** Gives an argument that was said for the whole command, where the tool takes it and it was not given. */
    static void otherwise(JsonNode tool, ObjectNode arguments, String name, String value) {
        if (tool.path("input_schema").path("properties").has(name) && !arguments.has(name)) {
            arguments.put(name, value);
        }
    }

    private void placeWords(ObjectNode arguments, List<String> words) {
        List<String> rest = new ArrayList<>(words);
        if (!rest.isEmpty() && property("action").isObject() && !arguments.has("action")) {
            String said = underscored(rest.removeFirst());
            arguments.put("action", prompt.path("actions").path(said).asText(said));
        }
        String action = Fields.text(arguments, "action");
        List<String> missing = Stream.concat(required(action).stream(), meant(action))
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
            throw Failure.caller("bad_request", "do not know what " + String.join(" ", rest) + " is")
                    .withHint("options are " + String.join(", ", names()));
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

    /** What words without an option mean beside that. */
    private Stream<String> meant(String action) {
        JsonNode argument = prompt.path("words").path(action);
        return argument.isTextual() ? Stream.of(argument.asText()) : Stream.empty();
    }

    private void option(ObjectNode arguments, String said, String text) {
        JsonNode later = prompt.path("not_yet").path(said);
        if (later.isTextual()) {
            throw new CapitaniaException(
                    ErrorCode.NOT_AVAILABLE_YET, "--" + dashed(said) + " is not available yet: " + later.asText());
        }
        String path = prompt.path("options").path(said).asText(said);
        int slash = path.indexOf('/');
        if (slash > 0) {
            String object = path.substring(0, slash);
            String name = path.substring(slash + 1);
            put(
                    arguments.withObject("/" + object),
                    name,
                    text,
                    property(object).path("properties").path(name));
        } else if (property(path).isObject()) {
            put(arguments, path, text);
        } else if (said.endsWith(FILE)
                && property(said.substring(0, said.length() - FILE.length())).isObject()) {
            put(arguments, said.substring(0, said.length() - FILE.length()), read(text));
        } else {
            throw Failure.caller(
                            "bad_request",
                            "there is no option --" + dashed(said) + Nearest.meant("--" + dashed(said), names()))
                    .withHint("options are " + String.join(", ", names()));
        }
    }

    private String read(String file) {
        Path path = environment.workingDirectory().resolve(file);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw Failure.caller("bad_request", "cannot read " + path);
        }
    }

    private void put(ObjectNode arguments, String name, String text) {
        put(arguments, name, text, property(name));
    }

    private void put(ObjectNode arguments, String name, String text, JsonNode property) {
        switch (property.path("type").asText("string")) {
            case "object" -> {
                JsonNode given = json(name, text);
                if (given instanceof ObjectNode more && arguments.path(name) instanceof ObjectNode known) {
                    // What a flag of its own has said stays.
                    known.setAll(more);
                } else {
                    arguments.set(name, given);
                }
            }
            case "integer", "number", "boolean" -> arguments.set(name, json(name, text));
            case "array" -> {
                if (text.startsWith("[")) {
                    arguments.set(name, json(name, text));
                } else {
                    arguments.withArray("/" + name).add(text);
                }
            }
            default -> arguments.put(name, word(name, text, property));
        }
    }

    /** A time in full, and of a list of words the one that is meant: another that only begins so is none. */
    private String word(String name, String text, JsonNode property) {
        if (property.path("format").asText().equals("date-time")) {
            return PAST.contains(name)
                    ? Durations.instant(text, environment.clock().instant(), ZoneId.systemDefault())
                            .toString()
                    : Durations.ahead(text, environment.clock().instant(), ZoneId.systemDefault())
                            .toString();
        }
        List<String> meant = property.path("enum")
                .valueStream()
                .map(JsonNode::asText)
                .filter(value -> value.startsWith(text))
                .toList();
        return meant.size() == 1 ? meant.getFirst() : text;
    }

    private static JsonNode json(String name, String text) {
        try {
            JsonNode read = Json.MAPPER
                    .reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
            if (!read.isMissingNode()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            // Told below, with what is empty.
        }
        throw Failure.caller("bad_request", "--" + dashed(name) + ": " + text + " is not what its type needs");
    }

    private JsonNode property(String name) {
        return schema.path("properties").path(name);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(name -> {
            if (!name.equals("action")) {
                names.add("--" + dashed(name));
            }
        });
        prompt.path("options").fieldNames().forEachRemaining(name -> names.add("--" + dashed(name)));
        return names;
    }

    static String dashed(String name) {
        return name.replace('_', '-');
    }

    static String underscored(String word) {
        return word.replace('-', '_');
    }
}
