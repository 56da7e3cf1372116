package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/** The schema of a type's props; says of each fault where it is, what was found and what is allowed. */
public final class PropsSchema {
    private static final int LONGEST_ECHO = 80;

    private final JsonNode document;
    private final List<String> names;
    private final List<String> zones;
    private final Set<String> lists;
    private final List<Default> defaults;
    private volatile @Nullable Schema compiled;

    PropsSchema(JsonNode document) {
        this.document = document;
        List<String> all = new ArrayList<>();
        document.path("properties").fieldNames().forEachRemaining(all::add);
        this.names = List.copyOf(all);
        this.zones = document.path("properties").properties().stream()
                .filter(prop -> prop.getValue().path("x-format").asText().equals("timezone"))
                .map(Map.Entry::getKey)
                .toList();
        this.lists = document.path("properties").properties().stream()
                .filter(prop -> isList(prop.getValue().path("type")))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        this.defaults = document.path("properties").properties().stream()
                .flatMap(prop -> prop.getValue().path("x-default-by").properties().stream()
                        .map(by -> new Default(prop.getKey(), by.getKey(), by.getValue())))
                .toList();
    }

    /** What a prop is where it is absent, by what another one is. */
    private record Default(String prop, String by, JsonNode values) {}

    private static boolean isList(JsonNode type) {
        return type.isArray()
                ? Schemas.texts(type).contains("array")
                : type.asText().equals("array");
    }

    /** The props there are. */
    public List<String> names() {
        return names;
    }

    /** Whether a prop holds a list. */
    public boolean isList(String name) {
        return lists.contains(name);
    }

    /** Sets what the type gives of itself to a new node that does not say it ({@code x-default-by}). */
    public void fill(ObjectNode props) {
        for (Default one : defaults) {
            JsonNode value = one.values().path(props.path(one.by()).asText());
            if (!props.has(one.prop()) && !value.isMissingNode()) {
                props.set(one.prop(), value);
            }
        }
    }

    /** What is wrong with these props; {@code at} is the JSON pointer of the object that holds them. */
    public List<FieldError> check(ObjectNode props, String at) {
        List<FieldError> errors = new ArrayList<>();
        for (Error error : schema().validate(props)) {
            errors.add(describe(error, props, at));
        }
        for (String name : zones) {
            zone(props.path(name), at + "/" + name, errors);
        }
        return errors;
    }

    /** No format of JSON Schema says that a text is a time zone; {@code "x-format": "timezone"} does. */
    private static void zone(JsonNode value, String where, List<FieldError> errors) {
        try {
            if (value.isTextual()) {
                ZoneId.of(value.textValue());
            }
        } catch (DateTimeException e) {
            String allowed = "an IANA time zone such as Europe/Lisbon";
            String found = echo(value);
            errors.add(new FieldError(where, found, allowed, where + " is " + found + "; allowed is " + allowed));
        }
    }

    private Schema schema() {
        Schema schema = compiled;
        if (schema == null) {
            // Compiled at first use: most processes never see most types. Two threads at once compile it twice, to the
            // same effect.
            schema = Schemas.REGISTRY.getSchema(withoutOwnKeywords());
            compiled = schema;
        }
        return schema;
    }

    /** The validator warns of keywords it does not know; ours are for us. */
    private JsonNode withoutOwnKeywords() {
        ObjectNode plain = document.deepCopy();
        strip(plain);
        return plain;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(object.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(name -> name.startsWith("x-"))
                    .toList());
        }
        node.forEach(PropsSchema::strip);
    }

    private FieldError describe(Error error, ObjectNode props, String at) {
        String where = at + error.getInstanceLocation();
        String keyword = error.getKeyword();
        JsonNode rule = document.at(error.getSchemaLocation().getFragment().toString());
        switch (keyword) {
            case "additionalProperties" -> {
                String name = String.valueOf(error.getProperty());
                String allowed = String.join(", ", siblings(error));
                return new FieldError(
                        where + "/" + name, name, allowed, "there is no prop " + name + "; allowed are " + allowed);
            }
            case "required" -> {
                String name = String.valueOf(error.getProperty());
                return new FieldError(where + "/" + name, null, "a value", name + " is required");
            }
            default -> {
                JsonNode value = props.at(error.getInstanceLocation().toString());
                String found = echo(value);
                String allowed = rule.isMissingNode() ? String.valueOf(keyword) : keyword + " " + rule;
                return new FieldError(where, found, allowed, where + " is " + found + "; allowed is " + allowed);
            }
        }
    }

    private List<String> siblings(Error error) {
        String fragment = error.getSchemaLocation().getFragment().toString();
        JsonNode owner = document.at(fragment.substring(0, fragment.lastIndexOf('/')));
        List<String> all = new ArrayList<>();
        owner.path("properties").fieldNames().forEachRemaining(all::add);
        return all;
    }

    private static String echo(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= LONGEST_ECHO ? text : text.substring(0, LONGEST_ECHO) + "…";
    }
}
