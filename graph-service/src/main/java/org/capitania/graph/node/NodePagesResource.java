package org.capitania.graph.node;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/node-pages}: what {@code GET /v1/nodes} answers to several queries, for one request and in one transaction. Each query is
 * the query string of one of them; as of another time they are asked for one by one.
 */
@Path("/v1/node-pages")
@RunOnVirtualThread
class NodePagesResource {
    private static final int MOST = 20;
    /** Of all pages together: they are in memory at the same time. */
    private static final int MOST_NODES = 1_000;

    private static final int LIMIT = 50;

    private final ListNodes list;
    private final CallContext call;

    NodePagesResource(ListNodes list, CallContext call) {
        this.list = list;
        this.call = call;
    }

    @GET
    public NodeView.Pages pages(@QueryParam("query") List<String> queries) {
        if (queries.isEmpty() || queries.size() > MOST) {
            throw NodesResource.fault("/query", queries.size() + " queries", "1 to " + MOST);
        }
        List<NodeFilter> filters =
                queries.stream().map(NodePagesResource::filter).toList();
        int nodes = filters.stream().mapToInt(NodeFilter::limit).sum();
        if (nodes > MOST_NODES) {
            throw NodesResource.fault("/query", "limits of " + nodes + " together", "at most " + MOST_NODES);
        }
        return list.lists(call.scope(), filters);
    }

    private static NodeFilter filter(String query) {
        Map<String, String> given = new LinkedHashMap<>();
        parameters(query).forEach((name, values) -> {
            if (values.getFirst().indexOf('\0') >= 0) {
                throw NodesResource.fault("/query/" + name, "U+0000", "text without U+0000");
            }
            given.put(name, values.getFirst());
        });
        Map<String, String> props = new LinkedHashMap<>();
        Map<String, BigDecimal> least = new LinkedHashMap<>();
        Map<String, String> linked = new LinkedHashMap<>();
        @Nullable String producer = given.remove("producer");
        @Nullable String tainted = given.remove("tainted");
        @Nullable String after = given.remove("after");
        @Nullable String limit = given.remove("limit");
        NodeFilter filter = new NodeFilter(
                NodesResource.names(given.remove("type")),
                NodesResource.names(given.remove("status")),
                given.remove("priority"),
                given.remove("tag"),
                given.remove("external_source"),
                given.remove("external_id"),
                producer == null ? null : Ref.id("producer", producer),
                given.remove("q"),
                props,
                least,
                linked,
                tainted == null ? null : Boolean.valueOf(tainted),
                Boolean.parseBoolean(given.remove("archived")),
                after == null ? null : Ref.id("after", after),
                limit == null ? LIMIT : NodesResource.limit(limit));
        given.forEach((name, value) -> {
            if (name.startsWith(NodesResource.PROP)) {
                props.put(name.substring(NodesResource.PROP.length()), value);
            } else if (name.startsWith(NodesResource.LEAST)) {
                least.put(name.substring(NodesResource.LEAST.length()), NodesResource.number(name, value));
            } else if (name.startsWith(NodesResource.TO)) {
                linked.put(name.substring(NodesResource.TO.length()), value);
            } else {
                throw NodesResource.fault("/query/" + name, value, "a parameter of GET /v1/nodes about now");
            }
        });
        return filter;
    }

    private static Map<String, List<String>> parameters(String query) {
        try {
            return new QueryStringDecoder(query, false).parameters();
        } catch (IllegalArgumentException e) {
            throw NodesResource.fault("/query", query, "a query string; " + e.getMessage());
        }
    }
}
