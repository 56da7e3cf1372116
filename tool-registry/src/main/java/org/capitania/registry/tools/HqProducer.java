package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** What the form of {@code hq_producer} cannot say: whether sources still bring anything. */
@ApplicationScoped
class HqProducer implements ToolHandler {
    private final Graph graph;

    HqProducer(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "hq_producer";
    }

    @Override
    public Result call(Call call) {
        String ref = call.textOrNull("ref");
        List<NodeView> producers = ref == null
                ? graph.find(call.scope(), NodeQuery.ofType("producer").limit(call.number("limit", 20)))
                : List.of(graph.node(call.scope(), ref, "producer"));
        List<NodeView> read = new ArrayList<>(producers);
        ArrayNode items = Lines.array();
        for (NodeView producer : producers) {
            ObjectNode line = Lines.brief(producer);
            Lines.put(line, "kind", producer.text("kind"));
            Lines.put(line, "trust", producer.text("trust"));
            line.put("mapped", producer.props().path("mapped").asBoolean(true));
            NodeQuery facts = NodeQuery.all().producer(producer.id()).withArchived();
            graph.find(call.scope(), facts.limit(1)).forEach(last -> {
                line.put("last_fact", last.slug())
                        .put("last_fact_at", last.createdAt().toString());
                read.add(last);
            });
            items.add(line);
        }
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(Taints.of(read));
    }
}
