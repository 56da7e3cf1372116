package org.capitania.registry.runs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.FenceRequest;
import org.capitania.contract.api.HeartbeatRequest;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Sql;

/** Where the guardians speak to the gateway: the supervisor opens and closes runs, both say that they live. */
@Path("/v1")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class RunResource {
    private final CallContext context;
    private final Sql sql;
    private final Runs runs;
    private final Guardians guardians;

    RunResource(CallContext context, Sql sql, Runs runs, Guardians guardians) {
        this.context = context;
        this.sql = sql;
        this.runs = runs;
        this.guardians = guardians;
    }

    @POST
    @Path("/fences")
    public Map<String, Object> open(FenceRequest request) {
        context.requirePrincipal("system:supervisor");
        sql.runUntold(context.scope(), tx -> runs.open(tx, request));
        return Map.of("run_id", request.runId(), "fence", request.fence());
    }

    @DELETE
    @Path("/fences/{run_id}")
    public Map<String, Object> close(@PathParam("run_id") String runId) {
        context.requirePrincipal("system:supervisor");
        boolean closed = sql.tx(context.scope(), tx -> runs.close(tx, runId));
        return Map.of("run_id", runId, "closed", closed);
    }

    @POST
    @Path("/heartbeats")
    public Map<String, Object> beat(HeartbeatRequest request) {
        Caller caller = context.caller();
        if (!caller.principal().equals("system:" + request.component())) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, caller.principal() + " cannot say that " + request.component() + " lives");
        }
        sql.run(context.scope(), tx -> guardians.beat(tx, request.component()));
        return Map.of("component", request.component());
    }
}
