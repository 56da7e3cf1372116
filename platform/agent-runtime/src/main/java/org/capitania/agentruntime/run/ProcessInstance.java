package org.capitania.agentruntime.run;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.servicekit.Ids;

/** Names this process, new at each start: what an earlier one had claimed is not this one's to go on with. */
@ApplicationScoped
public class ProcessInstance {
    private final String id;

    ProcessInstance(Ids ids) {
        this.id = ids.v7().toString();
    }

    public String id() {
        return id;
    }
}
