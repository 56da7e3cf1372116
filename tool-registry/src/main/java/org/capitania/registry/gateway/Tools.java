package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;
import org.capitania.registry.curation.Ceilings;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.outside.OutsideCalls;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.registry.tools.NodeTools;

/** Which class does what a tool's name says. */
@ApplicationScoped
public class Tools {
    private final Map<String, ToolHandler> handlers = new HashMap<>();
    private final Map<String, OutwardTool> outward = new HashMap<>();
    private final OutsideCalls outside;
    private final Catalogue catalogue = Catalogue.load();

    Tools(
            @Any Instance<ToolHandler> handlers,
            @Any Instance<OutwardTool> outward,
            NodeTools nodes,
            OutsideCalls outside) {
        this.outside = outside;
        handlers.forEach(h -> this.handlers.put(h.tool(), h));
        outward.forEach(o -> this.outward.put(o.tool() + " " + o.verb(), o));
        Set<String> names = new TreeSet<>(this.handlers.keySet());
        outward.forEach(o -> names.add(o.tool()));
        catalogue.require(names);
        catalogue
                .all()
                .forEach(tool -> tool.form()
                        .ifPresent(form ->
                                this.handlers.compute(tool.name(), (name, rest) -> nodes.handler(name, form, rest))));
    }

    public Optional<ToolHandler> handler(String tool) {
        return OutsideTools.named(tool) ? Optional.of(outside) : Optional.ofNullable(handlers.get(tool));
    }

    /** Whether all that a call can do is to look into the company's own records. */
    boolean onlyLooks(ToolDefinition tool, JsonNode arguments) {
        Verb verb = tool.verb(arguments);
        return !verb.changes()
                && outward(tool.name(), verb).isEmpty()
                && handler(tool.name()).filter(ToolHandler::onlyLooks).isPresent();
    }

    /** The action of a tool that is frozen rather than done. */
    public Optional<OutwardTool> outward(String tool, Verb verb) {
        return Optional.ofNullable(outward.get(tool + " " + verb.name()));
    }

    @Produces
    @Singleton
    Catalogue catalogue() {
        return catalogue;
    }

    @Produces
    @Singleton
    Ceilings ceilings(Catalogue catalogue) {
        return Ceilings.load(catalogue);
    }
}
