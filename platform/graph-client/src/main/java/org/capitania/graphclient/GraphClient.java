package org.capitania.graphclient;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.Embeddings;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.GraphTypes;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Rollback;
import org.capitania.contract.api.Timeline;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The graph, as another service uses it. Every call is signed by this process and made in a scope; failures are those of graph-service.
 * A node is named by its id or its slug. Blocking.
 */
@ApplicationScoped
public class GraphClient {
    private final Peers peers;

    GraphClient(Peers peers) {
        this.peers = peers;
    }

    /** Applies a batch, once per key: a repetition gets the first answer. See {@link Batch} for a builder. */
    public MutationResult mutate(Scope scope, MutationBatch batch, @Nullable String idempotencyKey) {
        return mutate(scope, batch, PeerOptions.DEFAULT.withIdempotencyKey(idempotencyKey));
    }

    /** The same, signed by another principal of this process or on behalf of somebody. */
    public MutationResult mutate(Scope scope, MutationBatch batch, PeerOptions options) {
        return peers.post(Service.GRAPH_SERVICE, "/v1/mutations", scope, batch, MutationResult.class, options);
    }

    /** What a batch under this key was answered, if there was one; for whom it was sent is said as it was then. */
    public Optional<MutationResult> answered(Scope scope, String idempotencyKey, PeerOptions options) {
        String path = "/v1/mutations/" + escaped(idempotencyKey);
        try {
            return Optional.of(peers.get(Service.GRAPH_SERVICE, path, scope, MutationResult.class, options));
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A node with its edges; {@code NOT_FOUND} when there is none. */
    public NodeView.Detail node(Scope scope, String ref) {
        return get(scope, "/v1/nodes/" + escaped(ref), NodeView.Detail.class);
    }

    /** A node as it was known at a time, and true at a time. */
    public NodeView.Detail node(Scope scope, String ref, @Nullable Instant asOf, @Nullable Instant validAt) {
        String path = new Query("/v1/nodes/" + escaped(ref))
                .with("as_of", asOf)
                .with("valid_at", validAt)
                .path();
        return get(scope, path, NodeView.Detail.class);
    }

    /** A node with its edges, if there is one. */
    public Optional<NodeView.Detail> lookup(Scope scope, String ref) {
        try {
            return Optional.of(node(scope, ref));
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A page of nodes, newest first. */
    public NodeView.Page find(Scope scope, NodeQuery query) {
        return get(scope, query.path(), NodeView.Page.class);
    }

    /** The pages of several queries, in their order, for one request; twenty at most. */
    public List<NodeView.Page> find(Scope scope, List<NodeQuery> queries) {
        Query path = new Query("/v1/node-pages");
        queries.forEach(query -> path.with("query", query.query()));
        return get(scope, path.path(), NodeView.Pages.class).items();
    }

    /** The newest node that matches, if one does. */
    public Optional<NodeView> first(Scope scope, NodeQuery query) {
        return find(scope, query.limit(1)).items().stream().findFirst();
    }

    /** A page of a node's edges, newest first; {@code type} and {@code after} may be null. */
    public EdgeView.Page edges(Scope scope, String ref, @Nullable String type, @Nullable String after) {
        String path = new Query("/v1/nodes/" + escaped(ref) + "/edges")
                .with("type", type)
                .with("after", after)
                .path();
        return get(scope, path, EdgeView.Page.class);
    }

    /** Who changed a node, what and why, newest first. */
    public HistoryEntry.Page history(Scope scope, String ref) {
        return get(scope, "/v1/nodes/" + escaped(ref) + "/history", HistoryEntry.Page.class);
    }

    /** Finds nodes by words and names, best first. */
    public GraphSearch.Results search(Scope scope, GraphSearch search) {
        return peers.post(Service.GRAPH_SERVICE, "/v1/search", scope, search, GraphSearch.Results.class);
    }

    /** What happened around a node, newest first. */
    public Timeline timeline(Scope scope, String about, @Nullable Instant before, int limit) {
        String path = new Query("/v1/timeline")
                .with("about", about)
                .with("before", before)
                .with("limit", limit)
                .path();
        return get(scope, path, Timeline.class);
    }

    /** Undoes a mutation, named by the {@code audit_event_id} of its answer, exactly; {@code VERSION_CONFLICT} when what it left has changed since. */
    public Rollback.Result rollback(Scope scope, String mutationId) {
        return peers.post(
                Service.GRAPH_SERVICE, "/v1/rollbacks", scope, new Rollback(mutationId), Rollback.Result.class);
    }

    /** Texts to embed, handed out for two minutes; the embed worker only. */
    public Embeddings.Work embeddingWork(Scope scope, Embeddings.Ask ask, PeerOptions options) {
        return peers.post(Service.GRAPH_SERVICE, "/v1/embeddings/work", scope, ask, Embeddings.Work.class, options);
    }

    /** Keeps vectors; the embed worker only. */
    public Embeddings.Stored keepVectors(Scope scope, Embeddings.Vectors vectors, PeerOptions options) {
        return peers.put(Service.GRAPH_SERVICE, "/v1/embeddings", scope, vectors, Embeddings.Stored.class, options);
    }

    public GraphTypes types(Scope scope) {
        return get(scope, "/v1/types", GraphTypes.class);
    }

    public GraphStats stats(Scope scope) {
        return get(scope, "/v1/stats", GraphStats.class);
    }

    /** How much each producer has brought lately. */
    public GraphStats.Throughputs throughputs(Scope scope) {
        return get(scope, "/v1/stats/producers", GraphStats.Throughputs.class);
    }

    private <T> T get(Scope scope, String path, Class<T> type) {
        return peers.get(Service.GRAPH_SERVICE, path, scope, type);
    }

    private static String escaped(String ref) {
        return URLEncoder.encode(ref, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
