package org.capitania.registry.risk;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.registry.files.PlannedText;
import org.capitania.registry.graph.Contracts;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Sensitivities;
import org.capitania.registry.handler.Call;

/** Which lines of the list a call falls under. */
@ApplicationScoped
public class CallRisk {
    private final RiskList list;
    private final Graph graph;
    private final Sensitivities sensitivities;
    private final Contracts contracts;
    private final PlannedText texts;

    CallRisk(RiskList list, Graph graph, Sensitivities sensitivities, Contracts contracts, PlannedText texts) {
        this.list = list;
        this.graph = graph;
        this.sensitivities = sensitivities;
        this.contracts = contracts;
        this.texts = texts;
    }

    /** The lines, in the order of the list. */
    public List<RiskList.Hit> hits(Call call) {
        return list.hits(
                call.tool().name(),
                call.verb().name(),
                call.verb().changes(),
                call.arguments(),
                new CallFacts(call, graph, sensitivities, contracts, texts));
    }
}
