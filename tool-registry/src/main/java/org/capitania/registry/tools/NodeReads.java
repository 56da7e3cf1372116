package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/** Lists and shows nodes of one type; what came from outside taints the task. */
@ApplicationScoped
class NodeReads {
    private final Graph graph;

    NodeReads(Graph graph) {
        this.graph = graph;
    }

    /** By status, priority, words, props, and what they are linked to; newest first. */
    Result list(Call call, NodeForm form, NodeForm.Op op) {
        String status = status(call, form, op);
        int limit = call.number("limit", 20);
        List<NodeView> found = form.links().entrySet().stream()
                .filter(link -> call.arguments().hasNonNull(link.getKey()))
                .findFirst()
                .map(link -> linked(call, form, link.getValue(), link.getKey(), status, limit))
                .orElseGet(
                        () -> graph.find(call.scope(), query(call, form, status).limit(limit)));
        ArrayNode items = Lines.array();
        found.forEach(node -> items.add(line(node, form.shows())));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(tainted(found));
    }

    Result show(Call call, NodeForm form) {
        NodeView.Detail detail = graph.detail(call.scope(), call.text("ref"), form.type());
        return Result.of(Lines.detail(detail)).taintedBy(tainted(List.of(detail.node())));
    }

    private static @Nullable String status(Call call, NodeForm form, NodeForm.Op op) {
        return form.status().stream()
                .map(call::textOrNull)
                .flatMap(given -> Optional.ofNullable(given).stream())
                .findFirst()
                .orElse(op.status());
    }

    private static NodeQuery query(Call call, NodeForm form, @Nullable String status) {
        NodeQuery query = NodeQuery.ofType(form.type());
        if (status != null) {
            query = query.status(status);
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

    /** Those at the other end of an edge of the first node that is named; of what else was asked only the status narrows them. */
    private List<NodeView> linked(
            Call call, NodeForm form, NodeForm.Link link, String argument, @Nullable String status, int limit) {
        JsonNode given = call.arguments().path(argument);
        NodeView named = graph.node(call.scope(), (given.isArray() ? given.path(0) : given).asText());
        EdgeView.Direction direction = link.incoming() ? EdgeView.Direction.OUT : EdgeView.Direction.IN;
        return graph.linked(call.scope(), named.id(), link.edge(), direction).stream()
                .filter(other -> other.type().equals(form.type()))
                .flatMap(other -> graph.detail(call.scope(), other.id()).stream())
                .map(NodeView.Detail::node)
                .filter(node -> status == null || status.equals(node.status()))
                .limit(limit)
                .toList();
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

    static List<String> tainted(List<NodeView> nodes) {
        return nodes.stream()
                .filter(NodeView::tainted)
                .map(node -> "node:" + node.id())
                .toList();
    }
}
