package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodePatch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
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
        String status = call.textOrNull("status");
        NodeQuery query = NodeQuery.ofType("task")
                .status(status == null ? "open" : status)
                .limit(call.number("limit", 20));
        ArrayNode items = Lines.array();
        List<NodeView> tasks = graph.find(call.scope(), query);
        tasks.forEach(task -> items.add(line(task)));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(tainted(tasks));
    }

    private static ObjectNode line(NodeView task) {
        ObjectNode line = Lines.brief(task);
        Lines.put(line, "due_at", task.text("due_at"));
        return line;
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
        Batch batch = new Batch()
                .create(
                        "task",
                        "task",
                        task -> task.status("open")
                                .prop("title", call.text("title"))
                                .prop("description_md", call.textOrNull("description"))
                                .prop("due_at", call.textOrNull("due_at"))
                                .tainted(writes.tainted(call)));
        call.texts("about").forEach(about -> batch.link("@task", "about", about));
        driver(call).ifPresent(driver -> batch.link("@task", "driven_by", driver));
        return writes.apply(call, batch);
    }

    private Result update(Call call) {
        NodeView task = graph.node(call.scope(), call.text("ref"), "task");
        Batch batch = new Batch().patch(task.id(), patch -> {
            set(patch, "title", call.textOrNull("title"));
            set(patch, "description_md", call.textOrNull("description"));
            set(patch, "due_at", call.textOrNull("due_at"));
            String status = call.textOrNull("status");
            if (status != null) {
                patch.status(status);
            }
            mark(call, patch);
        });
        driver(call).ifPresent(driver -> batch.link(task.id(), "driven_by", driver));
        return writes.apply(call, batch);
    }

    private Result complete(Call call) {
        NodeView task = graph.node(call.scope(), call.text("ref"), "task");
        return writes.apply(call, new Batch().patch(task.id(), patch -> {
                    patch.status("done").prop("done_at", clock.instant().toString());
                    set(patch, "outcome_md", call.textOrNull("outcome"));
                    mark(call, patch);
                }));
    }

    private static void set(NodePatch patch, String name, @Nullable String value) {
        if (value != null) {
            patch.prop(name, value);
        }
    }

    private void mark(Call call, NodePatch patch) {
        if (call.arguments().hasNonNull("version")) {
            patch.version(call.number("version", 0));
        }
        if (writes.tainted(call)) {
            patch.tainted(true);
        }
    }

    /** The node of whoever does it: a person's or an agent's producer, or what was named; none when there is none yet. */
    private Optional<String> driver(Call call) {
        String driver = call.textOrNull("driver");
        if (driver == null) {
            return Optional.empty();
        }
        for (String ref : List.of("hq:user:" + driver, "hq:agent:" + driver, driver)) {
            var node = graph.detail(call.scope(), ref).map(NodeView.Detail::node);
            if (node.isPresent()
                    && List.of("producer", "contact").contains(node.get().type())) {
                return Optional.of(node.get().id());
            }
        }
        return Optional.empty();
    }
}
