package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.api.Timeline;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** What happened around a node, newest first. */
@ApplicationScoped
class HqTimeline implements ToolHandler {
    private final Graph graph;

    HqTimeline(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "hq_timeline";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        Timeline timeline = graph.timeline(call.scope(), call.text("about"), call.number("limit", 20));
        ArrayNode items = Lines.array();
        for (Timeline.Entry entry : timeline.items()) {
            ObjectNode line = items.addObject()
                    .put("at", entry.at().toString())
                    .put("id", entry.id())
                    .put("type", entry.type());
            Lines.put(line, "slug", entry.slug());
            Lines.put(line, "title", entry.title());
            Lines.put(line, "status", entry.status());
            Lines.put(line, "via", entry.via());
        }
        ObjectNode data = Json.MAPPER.createObjectNode().put("count", items.size());
        data.set("items", items);
        return Result.of(data)
                .taintedBy(timeline.items().stream()
                        .filter(Timeline.Entry::tainted)
                        .map(entry -> "node:" + entry.id())
                        .toList());
    }
}
