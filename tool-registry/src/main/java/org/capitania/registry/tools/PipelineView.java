package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** The deals stage by stage, with what they are worth in each currency. */
@ApplicationScoped
class PipelineView implements ToolHandler {
    private static final List<String> STAGES =
            List.of("discovery", "proposal", "contract", "delivery", "partner", "declined");
    private static final int MOST = 500;

    private final Graph graph;

    PipelineView(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "pipeline_view";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        String only = call.textOrNull("stage");
        int shown = call.number("limit", 10);
        List<NodeView> seen = new ArrayList<>();
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode stages = data.putArray("stages");
        for (String stage : STAGES) {
            if (only == null ? !stage.equals("declined") : stage.equals(only)) {
                List<NodeView> deals = graph.find(
                        call.scope(),
                        NodeQuery.ofType("engagement").status(stage).limit(MOST));
                seen.addAll(deals);
                stages.add(stage(stage, deals, shown));
            }
        }
        return Result.of(data).taintedBy(Taints.of(seen));
    }

    private static ObjectNode stage(String stage, List<NodeView> deals, int shown) {
        ObjectNode line = Json.MAPPER.createObjectNode().put("stage", stage).put("count", deals.size());
        if (deals.size() == MOST) {
            line.put("more", true);
        }
        Map<String, Double> worth = new TreeMap<>();
        deals.stream()
                .filter(deal -> deal.props().path("price").isNumber())
                .forEach(deal -> worth.merge(
                        deal.props().path("currency").asText("unknown"),
                        deal.props().path("price").asDouble(),
                        Double::sum));
        ObjectNode sums = line.putObject("worth");
        worth.forEach(sums::put);
        ArrayNode items = line.putArray("deals");
        deals.stream().limit(shown).forEach(deal -> {
            ObjectNode item = Lines.brief(deal);
            Lines.put(item, "expected_close", deal.text("expected_close"));
            items.add(item);
        });
        return line;
    }
}
