package org.capitania.graph.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.node.NodeStore.EdgeFilter;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** One node with its edges, now or at another time. */
@ApplicationScoped
class NodeQueries {
    private static final int EDGES_SHOWN = 200;
    private static final EdgeFilter ALL = new EdgeFilter(null, true, true, null, EDGES_SHOWN);

    private final Sql sql;
    private final NodeStore store;
    private final PastStore past;

    NodeQueries(Sql sql, NodeStore store, PastStore past) {
        this.sql = sql;
        this.store = store;
        this.past = past;
    }

    NodeView.Detail detail(Scope scope, String ref, Moment moment) {
        return sql.read(scope, tx -> moment.isNow() ? now(tx, ref) : then(tx, ref, moment));
    }

    /** All of it is asked for at once and waited for once, where an id is given. */
    private NodeView.Detail now(Tx tx, String ref) {
        UUID id = store.id(tx, ref);
        Supplier<Optional<NodeStore.Produced>> found = store.ask(tx, id);
        Supplier<List<EdgeView>> linked = store.askEdges(tx, id, ALL);
        return detail(found.get().orElseThrow(() -> Ref.notFound(ref)), linked.get(), null);
    }

    private NodeView.Detail then(Tx tx, String ref, Moment moment) {
        PastStore.Whole was = past.whole(tx, ref, moment, ALL);
        NodeStore.Produced node = was.then().orElseThrow(() -> notThen(ref, moment));
        return detail(node, was.edges(), was.asked().settled());
    }

    private static NodeView.Detail detail(
            NodeStore.Produced produced, List<EdgeView> edges, @Nullable Boolean settled) {
        NodeView node = produced.node();
        NodeView.Brief producer = produced.producer().orElseThrow(() -> Ref.notFound(node.producerId()));
        boolean more = edges.size() > EDGES_SHOWN;
        return new NodeView.Detail(node, producer, more ? edges.subList(0, EDGES_SHOWN) : edges, more, settled);
    }

    EdgeView.Page edges(Scope scope, String ref, EdgeFilter filter, Moment moment) {
        return sql.read(scope, tx -> {
            PastStore.Around around = moment.isNow() ? now(tx, ref, filter) : past.around(tx, ref, moment, filter);
            PastStore.Asked asked = around.asked();
            List<EdgeView> edges = around.edges();
            if (edges.size() <= filter.limit()) {
                return new EdgeView.Page(edges, null, asked.settled());
            }
            List<EdgeView> page = edges.subList(0, filter.limit());
            return new EdgeView.Page(page, page.getLast().id(), asked.settled());
        });
    }

    private PastStore.Around now(Tx tx, String ref, EdgeFilter filter) {
        NodeView.Brief node = store.brief(tx, ref).orElseThrow(() -> Ref.notFound(ref));
        return new PastStore.Around(
                new PastStore.Asked(node, null), store.edges(tx, UUID.fromString(node.id()), filter));
    }

    private static CapitaniaException notThen(String ref, Moment moment) {
        return new CapitaniaException(
                ErrorCode.NOT_FOUND,
                "nothing was known of " + ref + (moment.asOf() == null ? "" : " at " + moment.asOf())
                        + (moment.validAt() == null ? "" : " that was true at " + moment.validAt()));
    }
}
