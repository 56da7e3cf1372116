package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.contract.FieldError;

/**
 * The JSON Schema a tenant may write: values, lists and objects with limits and enums. No references and no combinators, so that two schemas
 * can be compared; no patterns, so that no text can keep a thread busy.
 */
final class SchemaSubset {
    private static final int DEEPEST = 3;
    private static final int MOST_PROPS = 100;
    private static final int MOST_VALUES = 200;
    private static final int LONGEST_TEXT = 500;
    /** A status is in an index. */
    private static final int LONGEST_NAME = 100;

    private static final List<String> LISTS = List.of("x-statuses", "x-priorities", "x-slug", "x-from", "x-to");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,49}");
    private static final Set<String> FORMATS = Set.of("date", "date-time", "email", "uri", "uuid");
    private static final Set<String> SENSITIVITIES = Set.of("financial", "legal", "compliance", "personal");
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "string", Set.of("enum", "format", "minLength", "maxLength"),
            "integer", Set.of("minimum", "maximum"),
            "number", Set.of("minimum", "maximum"),
            "boolean", Set.of(),
            "array", Set.of("items", "minItems", "maxItems"),
            "object", Set.of("properties", "required", "additionalProperties"));
    private static final Set<String> ALWAYS = Set.of("type", "title", "description", "x-sensitivity");

    private final List<FieldError> errors = new ArrayList<>();

    private SchemaSubset() {}

    /** What is wrong with the props and lists of a definition. */
    static List<FieldError> faults(ObjectNode schema, String at) {
        SchemaSubset check = new SchemaSubset();
        for (String list : LISTS) {
            check.texts(schema.path(list), at + "/" + list, LONGEST_NAME);
        }
        check.properties(schema, at, 1);
        return check.errors;
    }

    private void properties(JsonNode object, String at, int depth) {
        JsonNode props = object.path("properties");
        if (!props.isMissingNode() && !props.isObject()) {
            fault(at + "/properties", props.getNodeType().name(), "an object");
            return;
        }
        if (props.size() > MOST_PROPS) {
            fault(at + "/properties", props.size() + " props", "at most " + MOST_PROPS);
        }
        for (Map.Entry<String, JsonNode> prop : props.properties()) {
            String path = at + "/properties/" + prop.getKey();
            if (!NAME.matcher(prop.getKey()).matches()) {
                fault(path, prop.getKey(), "lower-case letters, digits and _");
            }
            value(prop.getValue(), path, depth);
        }
        texts(object.path("required"), at + "/required", LONGEST_NAME);
        for (String name : Schemas.texts(object.path("required"))) {
            if (!props.has(name)) {
                fault(at + "/required", name, "a prop that properties has");
            }
        }
    }

    private void value(JsonNode schema, String at, int depth) {
        String type = schema.path("type").asText();
        Set<String> own = KEYWORDS.get(type);
        if (own == null) {
            fault(at + "/type", type, "one of " + String.join(", ", new java.util.TreeSet<>(KEYWORDS.keySet())));
            return;
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String name = keyword.getKey();
            if (!own.contains(name) && !ALWAYS.contains(name)) {
                fault(
                        at + "/" + name,
                        name,
                        "for " + type + " " + new java.util.TreeSet<>(own) + " and " + new java.util.TreeSet<>(ALWAYS));
            } else {
                keyword(name, keyword.getValue(), at + "/" + name);
            }
        }
        if (type.equals("array") || type.equals("object")) {
            if (depth >= DEEPEST) {
                fault(at, type, "at most " + DEEPEST + " levels");
            } else if (type.equals("object")) {
                properties(schema, at, depth + 1);
            } else if (schema.has("items")) {
                value(schema.path("items"), at + "/items", depth + 1);
            }
        }
    }

    private void keyword(String name, JsonNode value, String at) {
        switch (name) {
            case "enum" -> values(value, at);
            case "format" -> oneOf(value, at, FORMATS);
            case "x-sensitivity" -> oneOf(value, at, SENSITIVITIES);
            case "minLength", "maxLength", "minItems", "maxItems" -> {
                if (!value.isInt() || value.intValue() < 0) {
                    fault(at, value.toString(), "a whole number from 0");
                }
            }
            case "minimum", "maximum" -> {
                if (!value.isNumber()) {
                    fault(at, value.toString(), "a number");
                }
            }
            case "title", "description" -> {
                if (!value.isTextual() || value.textValue().length() > LONGEST_TEXT) {
                    fault(at, value.getNodeType().name(), "a text of at most " + LONGEST_TEXT + " characters");
                }
            }
            case "additionalProperties" -> {
                if (!value.isBoolean() || value.booleanValue()) {
                    fault(at, value.toString(), "false");
                }
            }
            default -> {}
        }
    }

    private void values(JsonNode list, String at) {
        if (list.isEmpty()) {
            fault(at, list.toString(), "1 to " + MOST_VALUES + " different texts");
        } else {
            texts(list, at, LONGEST_TEXT);
        }
    }

    private void texts(JsonNode list, String at, int longest) {
        Set<String> seen = new HashSet<>();
        boolean texts = list.isMissingNode() || (list.isArray() && list.size() <= MOST_VALUES);
        for (JsonNode item : list) {
            texts &= item.isTextual() && item.textValue().length() <= longest && seen.add(item.textValue());
        }
        if (!texts) {
            String allowed =
                    "a list of at most " + MOST_VALUES + " different texts of at most " + longest + " characters";
            fault(at, list.toString(), allowed);
        }
    }

    private void oneOf(JsonNode value, String at, Set<String> allowed) {
        if (!allowed.contains(value.asText())) {
            fault(at, value.toString(), "one of " + new java.util.TreeSet<>(allowed));
        }
    }

    private void fault(String path, String found, String allowed) {
        errors.add(new FieldError(path, found, allowed, path + " is " + found + "; allowed is " + allowed));
    }
}
