package org.capitania.registry.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;

/**
 * Moves edges that lead to a node that was merged into another: the merge, which a person approved, moved those that stood then, and these
 * came later. What else is wrong with an edge takes a judgement, and is left to whoever reads of it.
 */
@ApplicationScoped
class MendEdges {
    private final Graph graph;

    MendEdges(Graph graph) {
        this.graph = graph;
    }

    /** Whether it was mended; false where somebody has to look. */
    boolean mend(Call call, Fault fault) {
        Brief stays = fault.instead();
        if (!fault.kind().equals("merged") || stays == null) {
            return false;
        }
        String from = "from".equals(fault.gone()) ? stays.id() : fault.from().id();
        String to = "from".equals(fault.gone()) ? fault.to().id() : stays.id();
        Batch batch =
                new Batch().unlink(fault.from().id(), fault.type(), fault.to().id());
        if (!from.equals(to)) {
            batch.link(from, fault.type(), to, fault.props().isEmpty() ? null : fault.props());
        }
        try {
            graph.change(call.scope(), "call:" + call.callId() + ":edge:" + fault.edgeId(), batch);
            return true;
        } catch (CapitaniaException e) {
            // The one that stays has no room for it, or it has gone meanwhile.
            if (e.code().type() == ErrorType.INVALID
                    || e.code().type() == ErrorType.CONFLICT
                    || e.code().type() == ErrorType.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
