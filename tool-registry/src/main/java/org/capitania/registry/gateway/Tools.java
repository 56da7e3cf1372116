package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.curation.Ceilings;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.ToolHandler;

/** Which class does what a tool's name says. */
@ApplicationScoped
public class Tools {
    private final Map<String, ToolHandler> handlers = new HashMap<>();
    private final Map<String, OutwardTool> outward = new HashMap<>();

    Tools(@Any Instance<ToolHandler> handlers, @Any Instance<OutwardTool> outward) {
        handlers.forEach(h -> this.handlers.put(h.tool(), h));
        outward.forEach(o -> this.outward.put(o.tool(), o));
    }

    public Optional<ToolHandler> handler(String tool) {
        return Optional.ofNullable(handlers.get(tool));
    }

    public Optional<OutwardTool> outward(String tool) {
        return Optional.ofNullable(outward.get(tool));
    }

    @Produces
    @Singleton
    Catalogue catalogue() {
        List<String> names = new ArrayList<>(handlers.keySet());
        names.addAll(outward.keySet());
        return Catalogue.load(names);
    }

    @Produces
    @Singleton
    Ceilings ceilings(Catalogue catalogue) {
        return Ceilings.load(catalogue);
    }
}
