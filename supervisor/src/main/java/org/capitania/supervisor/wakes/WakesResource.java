package org.capitania.supervisor.wakes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.api.WakeView;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** Wakes over HTTP. */
@Path("/v1/wakes")
@RunOnVirtualThread
class WakesResource {
    private final CallContext call;
    private final ClaimWake claim;
    private final WakeQueries queries;

    WakesResource(CallContext call, ClaimWake claim, WakeQueries queries) {
        this.call = call;
        this.claim = claim;
        this.queries = queries;
    }

    @GET
    public WakeView.Page list(
            @QueryParam("role") @Nullable String role,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return queries.wakes(call.scope(), role, state, Math.clamp(limit, 1, 500));
    }

    @POST
    @Path("/{id}/claim")
    public AgentWake claim(@PathParam("id") String id, WakeClaim body) {
        return claim.claim(call.scope(), Authority.uuid(id), body);
    }
}
