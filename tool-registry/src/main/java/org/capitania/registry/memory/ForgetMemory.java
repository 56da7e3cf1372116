package org.capitania.registry.memory;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;

/** Lets go of one memory because a person says that it is wrong: it is archived, never deleted (section 13.6 of the seeds). */
@ApplicationScoped
public class ForgetMemory {
    private final Graph graph;

    ForgetMemory(Graph graph) {
        this.graph = graph;
    }

    /** The memory, and the write that let go of it. */
    public record Forgotten(String id, String auditEventId) {}

    public Forgotten forget(Scope scope, String callId, String ref) {
        NodeView node = graph.node(scope, ref, "memory_entry");
        Batch batch = new Batch();
        TendMemories.retire(batch, RoleMemories.memory(node), "superseded");
        MutationResult written = graph.change(scope, callId, batch);
        return new Forgotten(node.id(), written.auditEventId());
    }
}
