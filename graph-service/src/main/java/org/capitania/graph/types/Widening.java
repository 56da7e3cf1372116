package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.FieldError;

/** Whether everything that was valid by one definition is valid by the next. */
final class Widening {
    private final List<FieldError> errors = new ArrayList<>();

    private Widening() {}

    /** What the next definition takes away. */
    static List<FieldError> faults(JsonNode before, JsonNode after, String at) {
        Widening check = new Widening();
        check.object(before, after, at);
        for (String list : Extension.LISTS) {
            check.keeps(before.path(list), after.path(list), at + "/" + list);
        }
        for (String end : List.of("per_from", "per_to")) {
            String path = at + "/x-cardinality/" + end + "/max";
            check.upper(before.at("/x-cardinality/" + end + "/max"), after.at("/x-cardinality/" + end + "/max"), path);
        }
        return check.errors;
    }

    private void object(JsonNode before, JsonNode after, String at) {
        for (Map.Entry<String, JsonNode> prop : before.path("properties").properties()) {
            String path = at + "/properties/" + prop.getKey();
            JsonNode next = after.path("properties").path(prop.getKey());
            if (next.isMissingNode()) {
                fault(path, "nothing", "the prop, which nodes may have");
            } else {
                value(prop.getValue(), next, path);
            }
        }
        Set<String> demanded = new HashSet<>(Schemas.texts(before.path("required")));
        for (String name : Schemas.texts(after.path("required"))) {
            if (!demanded.contains(name)) {
                fault(at + "/required", name, "no new demand, there are nodes without it");
            }
        }
    }

    private void value(JsonNode before, JsonNode after, String at) {
        String was = before.path("type").asText();
        String is = after.path("type").asText();
        if (!was.equals(is) && !(was.equals("integer") && is.equals("number"))) {
            fault(at + "/type", is, was);
            return;
        }
        if (after.has("enum")) {
            if (!before.has("enum")) {
                fault(at + "/enum", after.path("enum").toString(), "any text, as before");
            } else {
                keeps(before.path("enum"), after.path("enum"), at + "/enum");
            }
        }
        if (after.has("format") && !after.path("format").equals(before.path("format"))) {
            fault(
                    at + "/format",
                    after.path("format").asText(),
                    before.has("format") ? before.path("format").asText() : "none");
        }
        for (String limit : List.of("maxLength", "maximum", "maxItems")) {
            upper(before.path(limit), after.path(limit), at + "/" + limit);
        }
        for (String limit : List.of("minLength", "minimum", "minItems")) {
            lower(before.path(limit), after.path(limit), at + "/" + limit);
        }
        if (is.equals("object")) {
            object(before, after, at);
        } else if (before.has("items") && after.has("items")) {
            value(before.path("items"), after.path("items"), at + "/items");
        } else if (after.has("items")) {
            fault(at + "/items", after.path("items").toString(), "any items, as before");
        }
    }

    private void keeps(JsonNode before, JsonNode after, String at) {
        Set<String> kept = new HashSet<>(Schemas.texts(after));
        for (String value : Schemas.texts(before)) {
            if (!kept.contains(value)) {
                fault(at, "no " + value, value + " too: there may be some that have it");
            }
        }
    }

    private void upper(JsonNode before, JsonNode after, String at) {
        if (after.isNumber() && (!before.isNumber() || compare(after, before) < 0)) {
            fault(at, after.toString(), before.isNumber() ? "at least " + before : "none, as before");
        }
    }

    private void lower(JsonNode before, JsonNode after, String at) {
        if (after.isNumber() && (!before.isNumber() || compare(after, before) > 0)) {
            fault(at, after.toString(), before.isNumber() ? "at most " + before : "none, as before");
        }
    }

    private static int compare(JsonNode a, JsonNode b) {
        BigDecimal left = a.decimalValue();
        return left.compareTo(b.decimalValue());
    }

    private void fault(String path, String found, String allowed) {
        errors.add(new FieldError(path, found, allowed, path + " is " + found + "; allowed is " + allowed));
    }
}
