package org.capitania.registry.curation;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Tx;

/** The tools that a model is offered: what is there of the catalogue and of outside servers, as far as it was granted. */
@ApplicationScoped
public class Offer {
    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final Curations curations;

    Offer(Catalogue catalogue, OutsideTools outside, Curations curations) {
        this.catalogue = catalogue;
        this.outside = outside;
        this.curations = curations;
    }

    /** Everything there is; what is not there yet is no use to a model. */
    public List<ToolDefinition> all(Tx tx) {
        List<ToolDefinition> all = new ArrayList<>(catalogue.all());
        all.removeIf(tool -> !tool.available());
        all.addAll(outside.trusted(tx));
        return all;
    }

    /** What a role may call. */
    public List<ToolDefinition> of(Tx tx, String role) {
        Set<String> granted = curations.granted(tx, role).keySet();
        return all(tx).stream().filter(tool -> granted.contains(tool.name())).toList();
    }
}
