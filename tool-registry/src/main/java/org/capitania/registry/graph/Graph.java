package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.handler.Draft.SeenFact;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** graph-service, called in the name of the scope's actor. */
@ApplicationScoped
public class Graph {
    private static final String SELF = "system:tool-registry";

    private final Peers peers;

    Graph(Peers peers) {
        this.peers = peers;
    }

    /** A node with what it is linked to; empty when there is none. */
    public Optional<NodeView.Detail> detail(Scope scope, String ref) {
        try {
            return Optional.of(get(scope, "/v1/nodes/" + encode(ref), NodeView.Detail.class));
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A node of one type; the failure says what was named instead. */
    public NodeView node(Scope scope, String ref, String type) {
        NodeView node = detail(scope, ref)
                .map(NodeView.Detail::node)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no " + type + " " + ref));
        if (!node.type().equals(type)) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, ref + " is no " + type + " but: " + node.type());
        }
        return node;
    }

    /** The nodes at the other end of edges of one type; at most 200. */
    public List<NodeView.Brief> linked(Scope scope, String id, String edgeType, EdgeView.Direction direction) {
        String way = direction == EdgeView.Direction.IN ? "in" : "out";
        return get(
                        scope,
                        "/v1/nodes/" + encode(id) + "/edges?limit=200&type=" + encode(edgeType) + "&direction=" + way,
                        EdgeView.Page.class)
                .items()
                .stream()
                .map(EdgeView::other)
                .toList();
    }

    /** Nodes by the filters of {@code GET /v1/nodes}. */
    public List<NodeView> find(Scope scope, Map<String, String> filters) {
        String query = filters.entrySet().stream()
                .map(f -> encode(f.getKey()) + "=" + encode(f.getValue()))
                .collect(Collectors.joining("&"));
        return get(scope, "/v1/nodes?" + query, NodeView.Page.class).items();
    }

    /** The contact with this address. */
    public Optional<NodeView> contact(Scope scope, String addressKey) {
        return find(
                        scope,
                        Map.of("type", "contact", "external_source", "email", "external_id", addressKey, "limit", "1"))
                .stream()
                .findFirst();
    }

    public GraphSearch.Results search(Scope scope, String query, @Nullable List<String> types, int limit) {
        return peers.post(
                Service.GRAPH_SERVICE,
                "/v1/search",
                scope,
                new GraphSearch(query, types, limit),
                GraphSearch.Results.class,
                inTheNameOf(scope));
    }

    public Timeline timeline(Scope scope, String about, int limit) {
        return get(scope, "/v1/timeline?about=" + encode(about) + "&limit=" + limit, Timeline.class);
    }

    /** Changes the graph; the same key answers what it answered first. */
    public MutationResult change(Scope scope, String idempotencyKey, List<MutationOp> ops) {
        return peers.post(
                Service.GRAPH_SERVICE,
                "/v1/mutations",
                scope,
                new MutationBatch(ops, List.of()),
                MutationResult.class,
                inTheNameOf(scope).withIdempotencyKey(idempotencyKey));
    }

    /** A node as a fact to be cited: its version, and what a later difference is shown against. */
    public Optional<SeenFact> seen(Scope scope, String ref) {
        return detail(scope, ref).map(detail -> fact(detail.node()));
    }

    /** What is kept of a node that a call rests on; long texts are not. */
    public static SeenFact fact(NodeView node) {
        ObjectNode seen =
                node.props().isObject() ? ((ObjectNode) node.props()).deepCopy() : Json.MAPPER.createObjectNode();
        List<String> longOnes = seen.properties().stream()
                .filter(p -> p.getValue().toString().length() > 1000)
                .map(Map.Entry::getKey)
                .toList();
        longOnes.forEach(name ->
                seen.put(name, "SHA-256 " + Canonical.sha256(seen.get(name).toString())));
        seen.put("status", node.status());
        return new SeenFact(node.id(), node.version(), node.type(), node.title(), seen);
    }

    private <T> T get(Scope scope, String path, Class<T> type) {
        return peers.get(Service.GRAPH_SERVICE, path, scope, type, inTheNameOf(scope));
    }

    private static PeerOptions inTheNameOf(Scope scope) {
        return PeerOptions.DEFAULT.onBehalfOf(scope.actor().equals(SELF) ? null : scope.actor());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
