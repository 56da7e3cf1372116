package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.GraphSearch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Search over every kind of node. */
@ApplicationScoped
class HqSearch implements ToolHandler {
    private final Graph graph;

    HqSearch(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "hq_search";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        List<String> types = call.texts("types");
        GraphSearch.Results found = graph.search(
                call.scope(), call.text("query"), types.isEmpty() ? null : types, call.number("limit", 10));
        ArrayNode hits = Lines.array();
        for (GraphSearch.Hit hit : found.items()) {
            ObjectNode line =
                    hits.addObject().put("id", hit.id()).put("type", hit.type()).put("score", hit.score());
            Lines.put(line, "slug", hit.slug());
            Lines.put(line, "title", hit.title());
            if (hit.snippet() != null) {
                line.put("snippet", hit.snippet());
            }
            if (hit.tainted()) {
                line.put("tainted", true);
            }
        }
        ObjectNode data = Json.MAPPER.createObjectNode().put("count", hits.size());
        data.set("hits", hits);
        return Result.of(data)
                .taintedBy(found.items().stream()
                        .filter(GraphSearch.Hit::tainted)
                        .map(hit -> "node:" + hit.id())
                        .toList());
    }
}
