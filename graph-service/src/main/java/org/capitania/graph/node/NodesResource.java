package org.capitania.graph.node;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.node.NodeStore.EdgeFilter;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/nodes…}. */
@Path("/v1/nodes")
@RunOnVirtualThread
class NodesResource {
    static final String PROP = "prop.";
    static final String LEAST = "least.";
    static final String TO = "to.";
    private static final int MOST = 500;

    private final NodeQueries nodes;
    private final ListNodes list;
    private final CallContext call;

    NodesResource(NodeQueries nodes, ListNodes list, CallContext call) {
        this.nodes = nodes;
        this.list = list;
        this.call = call;
    }

    @GET
    public NodeView.Page list(
            @QueryParam("type") @Nullable String type,
            @QueryParam("status") @Nullable String status,
            @QueryParam("priority") @Nullable String priority,
            @QueryParam("tag") @Nullable String tag,
            @QueryParam("external_source") @Nullable String externalSource,
            @QueryParam("external_id") @Nullable String externalId,
            @QueryParam("producer") @Nullable String producer,
            @QueryParam("q") @Nullable String words,
            @QueryParam("tainted") @Nullable Boolean tainted,
            @QueryParam("archived") @DefaultValue("false") boolean archived,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("as_of") @Nullable String asOf,
            @QueryParam("valid_at") @Nullable String validAt,
            @Context UriInfo uri) {
        Map<String, String> props = new LinkedHashMap<>();
        Map<String, BigDecimal> least = new LinkedHashMap<>();
        Map<String, String> linked = new LinkedHashMap<>();
        uri.getQueryParameters().forEach((name, values) -> {
            if (values.getFirst().indexOf('\0') >= 0) {
                throw fault("/" + name, "U+0000", "text without U+0000");
            }
            if (name.startsWith(PROP)) {
                props.put(name.substring(PROP.length()), values.getFirst());
            } else if (name.startsWith(LEAST)) {
                least.put(name.substring(LEAST.length()), number(name, values.getFirst()));
            } else if (name.startsWith(TO)) {
                linked.put(name.substring(TO.length()), values.getFirst());
            }
        });
        return list.list(
                call.scope(),
                new NodeFilter(
                        names(type),
                        names(status),
                        priority,
                        tag,
                        externalSource,
                        externalId,
                        producer == null ? null : Ref.id("producer", producer),
                        words,
                        props,
                        least,
                        linked,
                        tainted,
                        archived,
                        after == null ? null : Ref.id("after", after),
                        limit(limit)),
                Moment.of(asOf, validAt));
    }

    @GET
    @Path("/{ref}")
    public NodeView.Detail detail(
            @PathParam("ref") String ref,
            @QueryParam("as_of") @Nullable String asOf,
            @QueryParam("valid_at") @Nullable String validAt) {
        return nodes.detail(call.scope(), ref, Moment.of(asOf, validAt));
    }

    @GET
    @Path("/{ref}/edges")
    public EdgeView.Page edges(
            @PathParam("ref") String ref,
            @QueryParam("type") @Nullable String type,
            @QueryParam("direction") @DefaultValue("both") String direction,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("as_of") @Nullable String asOf,
            @QueryParam("valid_at") @Nullable String validAt) {
        if (!List.of("in", "out", "both").contains(direction)) {
            throw fault("/direction", direction, "in, out or both");
        }
        return nodes.edges(
                call.scope(),
                ref,
                new EdgeFilter(
                        type == null ? null : names(type).toArray(String[]::new),
                        !direction.equals("in"),
                        !direction.equals("out"),
                        after == null ? null : Ref.id("after", after),
                        limit(limit)),
                Moment.of(asOf, validAt));
    }

    static int limit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw fault("/limit", Integer.toString(limit), "1 to " + MOST);
        }
        return limit;
    }

    /** The same as it was written. */
    static int limit(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw fault("/limit", text, "1 to " + MOST);
        }
        return limit(Integer.parseInt(text));
    }

    static BigDecimal number(String name, String text) {
        if (!text.matches("-?[0-9]{1,15}(\\.[0-9]{1,9})?")) {
            throw fault("/" + name, text, "a number");
        }
        return new BigDecimal(text);
    }

    static List<String> names(@Nullable String list) {
        return list == null
                ? List.of()
                : Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    static CapitaniaException fault(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, found, allowed, "out of range")));
    }
}
