package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;

/**
 * Moves edges that lead to a node that was merged into another: the merge, which a person approved, moved those that stood then, and these
 * came later. What else is wrong with an edge is done as a person answers.
 */
@ApplicationScoped
class MendEdges {
    /** The edge ends. */
    static final String END = "end";
    /** The edge that is named holds, and not the one it contradicts. */
    static final String FIRST = "first";
    /** The other way round. */
    static final String SECOND = "second";
    /** Nothing is wrong. */
    static final String KEEP = "keep";

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
        return change(call, fault, batch);
    }

    /** Does what a person answered; false where it cannot be done. */
    boolean settle(Call call, Fault fault, String answer) {
        String from = fault.from().id();
        String to = fault.to().id();
        Brief other = fault.instead();
        boolean first = answer.equals(FIRST);
        Batch batch = new Batch();
        if (answer.equals(END)) {
            batch.unlink(from, fault.type(), to);
        } else if (fault.kind().equals("circle")) {
            batch.unlink(first ? to : from, fault.type(), first ? from : to);
        } else if (other != null) {
            String last = first ? other.id() : to;
            Optional<ObjectNode> props = props(call, fault, last);
            if (props.isEmpty()) {
                return false;
            }
            batch.unlink(from, fault.type(), last)
                    .link(from, fault.type(), last, props.get().without("primary"));
        }
        return change(call, fault, batch);
    }

    /** What the edge to one of the ends says. */
    private Optional<ObjectNode> props(Call call, Fault fault, String to) {
        return graph.edges(call.scope(), fault.from().id(), fault.type()).stream()
                .filter(edge -> edge.direction() == EdgeView.Direction.OUT
                        && edge.other().id().equals(to))
                .map(edge -> Json.convert(edge.props(), ObjectNode.class))
                .findFirst();
    }

    private boolean change(Call call, Fault fault, Batch batch) {
        try {
            graph.change(call.scope(), "call:" + call.callId() + ":" + ReconcileEdges.subject(fault), batch);
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
