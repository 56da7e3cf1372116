package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Ops;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.jspecify.annotations.Nullable;

/** The company's list of things to do. */
@ApplicationScoped
class HqTask implements ToolHandler {
    private final Graph graph;
    private final Writes writes;
    private final Clock clock;

    HqTask(Graph graph, Writes writes, Clock clock) {
        this.graph = graph;
        this.writes = writes;
        this.clock = clock;
    }

    @Override
    public String tool() {
        return "hq_task";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call);
            case "show" -> show(call);
            case "create" -> create(call);
            case "update" -> update(call);
            case "complete" -> complete(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private Result list(Call call) {
        Map<String, String> filters =
                new HashMap<>(Map.of("type", "task", "limit", Integer.toString(call.number("limit", 20))));
        String status = call.textOrNull("status");
        filters.put("status", status == null ? "open" : status);
        ArrayNode items = Lines.array();
        List<NodeView> tasks = graph.find(call.scope(), filters);
        tasks.forEach(task -> items.add(Lines.brief(task).put("due_at", task.text("due_at"))));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(tainted(tasks));
    }

    private Result show(Call call) {
        NodeView task = graph.node(call.scope(), call.text("ref"), "task");
        return Result.of(Json.MAPPER.createObjectNode().set("node", Lines.full(task)))
                .taintedBy(tainted(List.of(task)));
    }

    private static List<String> tainted(List<NodeView> nodes) {
        return nodes.stream()
                .filter(NodeView::tainted)
                .map(node -> "node:" + node.id())
                .toList();
    }

    private Result create(Call call) {
        Ops ops = new Ops()
                .create(new Ops.NewNode("task", "task", "open", props(call), null, null, null, writes.tainted(call)));
        call.texts("about").forEach(about -> ops.link("about", "@task", about));
        String driver = driver(call);
        if (driver != null) {
            ops.link("driven_by", "@task", driver);
        }
        return writes.apply(call, ops);
    }

    private Result update(Call call) {
        NodeView task = graph.node(call.scope(), call.text("ref"), "task");
        Ops ops =
                new Ops().patch(task.id(), version(call), props(call), call.textOrNull("status"), writes.tainted(call));
        String driver = driver(call);
        if (driver != null) {
            ops.link("driven_by", task.id(), driver);
        }
        return writes.apply(call, ops);
    }

    private Result complete(Call call) {
        NodeView task = graph.node(call.scope(), call.text("ref"), "task");
        ObjectNode props = Ops.props().put("done_at", clock.instant().toString());
        String outcome = call.textOrNull("outcome");
        if (outcome != null) {
            props.put("outcome_md", outcome);
        }
        return writes.apply(call, new Ops().patch(task.id(), version(call), props, "done", writes.tainted(call)));
    }

    private static ObjectNode props(Call call) {
        ObjectNode props = Ops.props();
        put(props, "title", call.textOrNull("title"));
        put(props, "description_md", call.textOrNull("description"));
        put(props, "due_at", call.textOrNull("due_at"));
        return props;
    }

    private static void put(ObjectNode props, String name, @Nullable String value) {
        if (value != null) {
            props.put(name, value);
        }
    }

    /** The node of whoever does it: a person's or an agent's producer, or what was named; none when there is none yet. */
    private @Nullable String driver(Call call) {
        String driver = call.textOrNull("driver");
        if (driver == null) {
            return null;
        }
        for (String ref : List.of("hq:user:" + driver, "hq:agent:" + driver, driver)) {
            var node = graph.detail(call.scope(), ref).map(NodeView.Detail::node);
            if (node.isPresent()
                    && List.of("producer", "contact").contains(node.get().type())) {
                return node.get().id();
            }
        }
        return null;
    }

    private static @Nullable Integer version(Call call) {
        return call.arguments().hasNonNull("version") ? call.number("version", 0) : null;
    }
}
