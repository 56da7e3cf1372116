package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.GraphClient;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.handler.Draft.SeenFact;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** The graph in the gateway's terms: nodes of a type, facts to cite, and writes in the name of the scope's actor. */
@ApplicationScoped
public class Graph {
    private static final String SELF = "system:tool-registry";
    private static final int PAGES = 5;
    private static final int LARGEST_PAGE = 500;
    private static final int SMALL_PAGE = 50;
    private static final int LONGEST_SEEN = 1000;

    private final GraphClient client;

    Graph(GraphClient client) {
        this.client = client;
    }

    /** A node with what it is linked to; empty when there is none. */
    public Optional<NodeView.Detail> detail(Scope scope, String ref) {
        return client.lookup(scope, ref);
    }

    /** A node of any type. */
    public NodeView node(Scope scope, String ref) {
        return detail(scope, ref)
                .map(NodeView.Detail::node)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "nothing is called " + ref)
                        .withHint("hq_search finds ids and slugs"));
    }

    /** A node of one type; the failure says what was named instead. */
    public NodeView node(Scope scope, String ref, String type) {
        return detail(scope, ref, type).node();
    }

    /** The same with what it is linked to. */
    public NodeView.Detail detail(Scope scope, String ref, String type) {
        NodeView.Detail detail = detail(scope, ref)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no " + type + " " + ref));
        if (!detail.node().type().equals(type)) {
            throw new CapitaniaException(
                    ErrorCode.NOT_FOUND,
                    ref + " is no " + type + " but: " + detail.node().type());
        }
        return detail;
    }

    /** The nodes at the other end of edges of one type, newest first; at most five pages of them. */
    public List<NodeView.Brief> linked(Scope scope, String id, String edgeType, EdgeView.Direction direction) {
        return edges(scope, id, edgeType).stream()
                .filter(e -> e.direction() == direction)
                .map(EdgeView::other)
                .toList();
    }

    /** The edges of one type at a node, newest first; at most five pages of them. */
    public List<EdgeView> edges(Scope scope, String id, String edgeType) {
        List<EdgeView> found = new ArrayList<>();
        String after = null;
        for (int page = 0; page < PAGES; page++) {
            EdgeView.Page edges = client.edges(scope, id, edgeType, after);
            found.addAll(edges.items());
            after = edges.next();
            if (after == null) {
                break;
            }
        }
        return found;
    }

    public List<NodeView> find(Scope scope, NodeQuery query) {
        return client.find(scope, query).items();
    }

    /** The same for several at once, in one request. */
    public List<List<NodeView>> find(Scope scope, List<NodeQuery> queries) {
        return client.find(scope, queries).stream().map(NodeView.Page::items).toList();
    }

    /** The newest of all that match, page by page; at most so many. */
    public List<NodeView> all(Scope scope, NodeQuery query, int most) {
        List<NodeView> found = new ArrayList<>();
        NodeQuery next = query.limit(Math.min(most, LARGEST_PAGE));
        while (found.size() < most) {
            NodeView.Page page = client.find(scope, next);
            found.addAll(page.items());
            if (page.next() == null) {
                break;
            }
            next = next.after(page.next());
        }
        return found.size() <= most ? found : List.copyOf(found.subList(0, most));
    }

    /** Looks at all that match, in small pages that are let go one after the other: for nodes with long texts. */
    public void each(Scope scope, NodeQuery query, Consumer<NodeView> look) {
        NodeQuery next = query.limit(SMALL_PAGE);
        NodeView.Page page;
        do {
            page = client.find(scope, next);
            page.items().forEach(look);
            next = page.next() == null ? next : next.after(page.next());
        } while (page.next() != null);
    }

    /** The contact with this address. */
    public Optional<NodeView> contact(Scope scope, String addressKey) {
        return client.first(scope, NodeQuery.ofType("contact").external("email", addressKey));
    }

    /** The newest changes of a node, newest first; empty when there is none. */
    public List<HistoryEntry> history(Scope scope, String ref) {
        try {
            return client.history(scope, ref).items();
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    public GraphSearch.Results search(Scope scope, String query, @Nullable List<String> types, int limit) {
        return client.search(scope, new GraphSearch(query, types, limit));
    }

    public Timeline timeline(Scope scope, String about, int limit) {
        return client.timeline(scope, about, null, limit);
    }

    /** Producer to how much it has brought lately; one that brought nothing is not there. */
    public Map<String, GraphStats.Throughput> throughputs(Scope scope) {
        return client.throughputs(scope).items().stream()
                .collect(Collectors.toMap(GraphStats.Throughput::producerId, source -> source));
    }

    /** Changes the graph; the same key answers what it answered first. */
    public MutationResult change(Scope scope, String idempotencyKey, Batch batch) {
        PeerOptions options = PeerOptions.DEFAULT.onBehalfOf(scope.actor().equals(SELF) ? null : scope.actor());
        try {
            return client.mutate(scope, batch.build(), options.withIdempotencyKey(idempotencyKey));
        } catch (CapitaniaException e) {
            if (e.code() != ErrorCode.IDEMPOTENCY_MISMATCH) {
                throw e;
            }
            // It was written, its answer was lost, and now it is composed otherwise: at another time, or on what it
            // made itself.
            return client.answered(scope, idempotencyKey, options).orElseThrow(() -> e);
        }
    }

    /** A node as a fact to be cited: its version, and what a later difference is shown against. */
    public Optional<SeenFact> seen(Scope scope, String ref) {
        return detail(scope, ref).map(detail -> fact(detail.node()));
    }

    /** What is kept of a node that a call rests on; of long texts only that they changed can be told. */
    public static SeenFact fact(NodeView node) {
        ObjectNode seen =
                node.props().isObject() ? ((ObjectNode) node.props()).deepCopy() : Json.MAPPER.createObjectNode();
        List<String> longOnes = seen.properties().stream()
                .filter(p -> p.getValue().toString().length() > LONGEST_SEEN)
                .map(Map.Entry::getKey)
                .toList();
        longOnes.forEach(name ->
                seen.put(name, "SHA-256 " + Canonical.sha256(seen.get(name).toString())));
        seen.put("status", node.status());
        return new SeenFact(node.id(), node.version(), node.type(), node.title(), seen);
    }
}
