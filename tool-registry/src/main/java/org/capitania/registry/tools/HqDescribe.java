package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
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
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        NodeView.Detail detail = graph.detail(call.scope(), call.text("ref"))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "nothing is called " + call.text("ref"))
                        .withHint("hq_search finds ids and slugs"));
        return Result.of(Lines.detail(detail)).taintedBy(Taints.of(detail));
    }
}
