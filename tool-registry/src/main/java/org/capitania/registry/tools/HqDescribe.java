package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** One node in full, with its direct connections. */
@ApplicationScoped
class HqDescribe implements ToolHandler {
    private final Graph graph;

    HqDescribe(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "hq_describe";
    }

    @Override
    public Result call(Call call) {
        NodeView.Detail detail = graph.detail(call.scope(), call.text("ref"))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "nothing is called " + call.text("ref"))
                        .withHint("hq_search finds ids and slugs"));
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.set("node", Lines.full(detail.node()));
        data.set("producer", Lines.brief(detail.producer()));
        ArrayNode edges = data.putArray("edges");
        for (EdgeView edge : detail.edges()) {
            edges.addObject()
                    .put("type", edge.type())
                    .put("direction", edge.direction() == EdgeView.Direction.IN ? "in" : "out")
                    .set("other", Lines.brief(edge.other()));
        }
        if (detail.moreEdges()) {
            data.put("more_edges", true);
        }
        return Result.of(data)
                .taintedBy(
                        detail.node().tainted()
                                ? List.of("node:" + detail.node().id())
                                : List.of());
    }
}
