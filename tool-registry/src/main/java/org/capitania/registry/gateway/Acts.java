package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.OutwardTool;

/** What can be frozen and carried out later: an outward action as it says itself, and every other one by its handler. */
@ApplicationScoped
public class Acts {
    private final Tools tools;
    private final Graph graph;

    Acts(Tools tools, Graph graph) {
        this.tools = tools;
        this.graph = graph;
    }

    /** Empty for a tool that is not here any more. */
    public Optional<OutwardTool> of(ToolDefinition definition, Verb verb) {
        Optional<OutwardTool> outward = tools.outward(definition.name(), verb);
        return outward.isPresent()
                ? outward
                : tools.handler(definition.name()).map(handler -> new PlainAct(definition, verb, handler, graph));
    }
}
