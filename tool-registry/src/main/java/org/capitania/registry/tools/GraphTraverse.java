package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** What can be reached from a node in a few steps, breadth first; it stops at a number of nodes and says so. */
@ApplicationScoped
class GraphTraverse implements ToolHandler {
    private final Graph graph;

    GraphTraverse(Graph graph) {
        this.graph = graph;
    }

    private record Reached(String id, int depth) {}

    @Override
    public String tool() {
        return "graph_traverse";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        NodeView start = graph.node(call.scope(), call.text("from"));
        int depth = call.number("depth", 2);
        int most = call.number("limit", 30);
        List<String> edgeTypes = call.texts("edges");
        Map<String, ObjectNode> nodes = new LinkedHashMap<>();
        List<NodeView> read = new ArrayList<>();
        List<NodeView.Brief> rim = new ArrayList<>();
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode paths = data.putArray("edges");
        ArrayDeque<Reached> waiting = new ArrayDeque<>(List.of(new Reached(start.id(), 0)));
        nodes.put(start.id(), Lines.brief(start).put("type", start.type()).put("depth", 0));
        boolean more = false;
        while (!waiting.isEmpty()) {
            Reached from = waiting.removeFirst();
            Optional<NodeView.Detail> detail = graph.detail(call.scope(), from.id());
            if (detail.isEmpty()) {
                continue;
            }
            read.add(detail.get().node());
            List<EdgeView> edges = new ArrayList<>(detail.get().edges());
            if (detail.get().moreEdges() && !edgeTypes.isEmpty()) {
                // Those that are followed may lie beyond the newest of all.
                edges.clear();
                edgeTypes.forEach(type -> edges.addAll(graph.edges(call.scope(), from.id(), type)));
            } else {
                more |= detail.get().moreEdges();
            }
            for (EdgeView edge : edges) {
                if (!edgeTypes.isEmpty() && !edgeTypes.contains(edge.type())) {
                    continue;
                }
                String other = edge.other().id();
                if (!nodes.containsKey(other)) {
                    if (nodes.size() >= most) {
                        more = true;
                        continue;
                    }
                    nodes.put(other, Lines.brief(edge.other()).put("depth", from.depth() + 1));
                    rim.add(edge.other());
                    if (from.depth() + 1 < depth) {
                        waiting.add(new Reached(other, from.depth() + 1));
                    }
                }
                boolean out = edge.direction() == EdgeView.Direction.OUT;
                // An edge between two that were read is met at both ends.
                if (!read(read, other)) {
                    paths.addObject()
                            .put("from", out ? from.id() : other)
                            .put("type", edge.type())
                            .put("to", out ? other : from.id());
                }
            }
        }
        nodes.values().forEach(data.putArray("nodes")::add);
        data.put("more", more);
        List<String> outside = new ArrayList<>(Taints.of(read));
        outside.addAll(Taints.around(start, rim));
        return Result.of(data).taintedBy(outside);
    }

    private static boolean read(List<NodeView> read, String id) {
        return read.stream().anyMatch(node -> node.id().equals(id));
    }
}
