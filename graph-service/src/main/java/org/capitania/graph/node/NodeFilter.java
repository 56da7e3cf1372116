package org.capitania.graph.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.graph.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes; what is null or empty does not matter.
 *
 * @param producer the id of what they come from
 * @param props by name, the value a prop has, or that is in it where it is a list
 * @param least by name, the number that a prop has at least
 * @param linked by the type of an edge, the id or slug of the node that one of theirs leads to now
 * @param tainted only those that derive from outside, or only those that do not
 * @param after the last id of the page before
 */
record NodeFilter(
        List<String> types,
        List<String> statuses,
        @Nullable String priority,
        @Nullable String tag,
        @Nullable String externalSource,
        @Nullable String externalId,
        @Nullable UUID producer,
        @Nullable String words,
        Map<String, String> props,
        Map<String, BigDecimal> least,
        Map<String, String> linked,
        @Nullable Boolean tainted,
        boolean archived,
        @Nullable UUID after,
        int limit) {

    /** Refuses types, edges and props that are not there: a filter that can match nothing is a slip of the caller. */
    void check(Types catalogue) {
        for (String name : types) {
            if (catalogue.node(name).isEmpty()) {
                String known = String.join(", ", catalogue.nodeNames());
                throw fault(ErrorCode.UNKNOWN_TYPE, "/type", name, known);
            }
        }
        for (String name : linked.keySet()) {
            if (catalogue.edge(name).isEmpty()) {
                String known = String.join(", ", catalogue.edgeTypes().keySet());
                throw fault(ErrorCode.UNKNOWN_TYPE, "/to." + name, name, known);
            }
        }
        for (String prop :
                Stream.concat(props.keySet().stream(), least.keySet().stream()).toList()) {
            List<String> known = types.stream()
                    .flatMap(name -> catalogue.node(name).stream())
                    .flatMap(type -> type.props().names().stream())
                    .toList();
            if (!types.isEmpty() && !known.contains(prop)) {
                throw fault(ErrorCode.SCHEMA_VIOLATION, "/prop." + prop, prop, String.join(", ", known));
            }
        }
    }

    /** The forms in which a prop may hold a value that came as text; one of them has to be contained. */
    static String[] forms(String name, String value) {
        List<String> forms = new ArrayList<>();
        add(forms, name, Json.MAPPER.getNodeFactory().textNode(value));
        if (value.equals("true") || value.equals("false")) {
            add(forms, name, Json.MAPPER.getNodeFactory().booleanNode(value.equals("true")));
        } else if (value.matches("-?[0-9]{1,15}(\\.[0-9]{1,9})?")) {
            add(forms, name, Json.MAPPER.getNodeFactory().numberNode(new BigDecimal(value)));
        }
        return forms.toArray(String[]::new);
    }

    /** The JSON path of a prop that is a number of at least so much. */
    static String atLeast(String name, BigDecimal number) {
        return "$." + Json.write(name) + " >= " + number.toPlainString();
    }

    private static void add(List<String> forms, String name, JsonNode value) {
        ObjectNode one = Json.MAPPER.createObjectNode();
        one.set(name, value);
        forms.add(Json.write(one));
        ObjectNode list = Json.MAPPER.createObjectNode();
        list.putArray(name).add(value);
        forms.add(Json.write(list));
    }

    private static CapitaniaException fault(ErrorCode code, String path, String found, String allowed) {
        return new CapitaniaException(
                code,
                path + " is " + found + "; allowed are " + allowed,
                List.of(new FieldError(path, found, allowed, "unknown")));
    }
}
