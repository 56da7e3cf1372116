package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.catalogue.NodeForm;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;

/** Lists and shows nodes of one type; what came from outside taints the task. */
@ApplicationScoped
class NodeReads {
    private final Graph graph;
    private final Persons persons;

    NodeReads(Graph graph, Persons persons) {
        this.graph = graph;
        this.persons = persons;
    }

    /** By status, priority, words, props, and all that they are linked to; newest first. */
    Result list(Call call, NodeForm form, NodeForm.Op op) {
        List<String> statuses = statuses(call, form, op);
        int limit = call.number("limit", 20);
        List<NodeView> found = ends(call, form)
                .map(ends -> linked(call, form, ends, statuses, limit))
                .orElseGet(() ->
                        graph.find(call.scope(), query(call, form, statuses).limit(limit)));
        ArrayNode items = Lines.array();
        found.forEach(node -> items.add(line(node, form.shows())));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(Taints.of(found));
    }

    Result show(Call call, NodeForm form) {
        NodeView.Detail detail = graph.detail(call.scope(), call.text("ref"), form.type());
        return Result.of(Lines.detail(detail)).taintedBy(Taints.of(detail));
    }

    /** What was asked for, or what the action lists; none stands for all. */
    private static List<String> statuses(Call call, NodeForm form, NodeForm.Op op) {
        return form.status().stream()
                .map(call::textOrNull)
                .flatMap(given -> Optional.ofNullable(given).stream())
                .findFirst()
                .map(List::of)
                .orElse(op.statuses());
    }

    private static NodeQuery query(Call call, NodeForm form, List<String> statuses) {
        NodeQuery query = NodeQuery.ofType(form.type());
        if (!statuses.isEmpty()) {
            query = query.status(statuses.toArray(String[]::new));
        }
        String priority = call.textOrNull("priority");
        if (priority != null) {
            query = query.priority(priority);
        }
        String words = call.textOrNull("query");
        if (words != null) {
            query = query.words(words);
        }
        for (Map.Entry<String, String> prop : form.props().entrySet()) {
            JsonNode value = call.arguments().path(prop.getKey());
            if (value.isValueNode() && !value.isNull()) {
                query = query.prop(prop.getValue(), value.asText());
            }
        }
        return query;
    }

    /** The ids at the other ends of all links that were named, newest first; nothing where none was. */
    private Optional<List<String>> ends(Call call, NodeForm form) {
        List<List<String>> each = new ArrayList<>();
        form.links().forEach((argument, link) -> {
            JsonNode given = call.arguments().path(argument);
            (given.isArray() ? given : Lines.array().add(given)).forEach(name -> {
                if (name.isTextual()) {
                    each.add(ends(call, form, link, name.asText()));
                }
            });
        });
        return each.stream()
                .reduce((first, more) ->
                        first.stream().filter(new HashSet<>(more)::contains).toList());
    }

    private List<String> ends(Call call, NodeForm form, NodeForm.Link link, String name) {
        Optional<String> named = link.person()
                ? persons.id(call.scope(), name)
                : Optional.of(graph.node(call.scope(), name).id());
        EdgeView.Direction direction = link.incoming() ? EdgeView.Direction.OUT : EdgeView.Direction.IN;
        return named.stream()
                .flatMap(id -> graph.linked(call.scope(), id, link.edge(), direction).stream())
                .filter(other -> other.type().equals(form.type()))
                .map(NodeView.Brief::id)
                .toList();
    }

    private List<NodeView> linked(Call call, NodeForm form, List<String> ends, List<String> statuses, int limit) {
        return ends.stream()
                .flatMap(id -> graph.detail(call.scope(), id).stream())
                .map(NodeView.Detail::node)
                .filter(node -> statuses.isEmpty() || statuses.contains(String.valueOf(node.status())))
                .filter(node -> asked(call, form, node))
                .limit(limit)
                .toList();
    }

    /** Whether a node has the priority, the words and the props that were asked for. */
    private static boolean asked(Call call, NodeForm form, NodeView node) {
        String priority = call.textOrNull("priority");
        String words = call.textOrNull("query");
        return (priority == null || priority.equals(node.priority()))
                && (words == null || holds(node, words))
                && form.props().entrySet().stream().allMatch(prop -> {
                    JsonNode value = call.arguments().path(prop.getKey());
                    return !value.isValueNode()
                            || value.isNull()
                            || has(node.props().path(prop.getValue()), value.asText());
                });
    }

    private static boolean has(JsonNode prop, String value) {
        return prop.isArray()
                ? prop.valueStream().anyMatch(each -> each.asText().equals(value))
                : prop.asText().equals(value);
    }

    private static boolean holds(NodeView node, String words) {
        String text = (node.title() + " " + node.props()).toLowerCase(Locale.ROOT);
        return Arrays.stream(words.toLowerCase(Locale.ROOT).split("\\s+")).allMatch(text::contains);
    }

    private static ObjectNode line(NodeView node, List<String> shows) {
        ObjectNode line = Lines.brief(node);
        Lines.put(line, "priority", node.priority());
        for (String prop : shows) {
            JsonNode value = node.props().path(prop);
            if (!value.isMissingNode() && !value.isNull()) {
                line.set(prop, Lines.cut(value));
            }
        }
        return line;
    }
}
