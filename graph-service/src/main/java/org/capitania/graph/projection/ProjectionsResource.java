package org.capitania.graph.projection;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Projection;
import org.capitania.servicekit.CallContext;

/** {@code GET /v1/projections[/{name}]}, {@code POST /v1/projections/{name}/refresh}. */
@Path("/v1/projections")
@RunOnVirtualThread
class ProjectionsResource {
    private static final int MOST = 500;

    private final ProjectionQueries projections;
    private final RefreshProjection refresh;
    private final CallContext call;

    ProjectionsResource(ProjectionQueries projections, RefreshProjection refresh, CallContext call) {
        this.projections = projections;
        this.refresh = refresh;
        this.call = call;
    }

    @GET
    public Projection.All all() {
        return projections.all(call.scope());
    }

    @GET
    @Path("/{name}")
    public Projection one(
            @PathParam("name") String name,
            @QueryParam("after") @DefaultValue("0") int after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw fault("/limit", limit, "1 to " + MOST);
        }
        if (after < 0) {
            throw fault("/after", after, "the next of an earlier page");
        }
        return projections.page(call.scope(), ProjectionTable.of(name), after, limit);
    }

    @POST
    @Path("/{name}/refresh")
    public Projection.Refreshed refresh(@PathParam("name") String name) {
        return refresh.now(call.scope(), ProjectionTable.of(name));
    }

    private static CapitaniaException fault(String path, int found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, Integer.toString(found), allowed, "out of range")));
    }
}
