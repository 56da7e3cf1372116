package org.capitania.supervisor.wakes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.RunView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.jspecify.annotations.Nullable;

/** Runs over HTTP. */
@Path("/v1/runs")
@RunOnVirtualThread
class RunsResource {
    private final CallContext call;
    private final RenewRun renew;
    private final CompleteRun complete;
    private final StopRun stop;
    private final WakeQueries queries;

    RunsResource(CallContext call, RenewRun renew, CompleteRun complete, StopRun stop, WakeQueries queries) {
        this.call = call;
        this.renew = renew;
        this.complete = complete;
        this.stop = stop;
        this.queries = queries;
    }

    @GET
    public RunView.Page list(
            @QueryParam("role") @Nullable String role,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return queries.runs(call.scope(), role, state, Math.clamp(limit, 1, 500));
    }

    @POST
    @Path("/{id}/heartbeat")
    public RunHeartbeat.Renewed heartbeat(@PathParam("id") String id, RunHeartbeat body) {
        return renew.renew(call.scope(), Authority.uuid(id), body);
    }

    @POST
    @Path("/{id}/complete")
    public RunComplete.Completed complete(@PathParam("id") String id, RunComplete body) {
        return complete.complete(call.scope(), Authority.uuid(id), body);
    }

    /** By a person, or by the watchdog: then the run is at fault and what it leaves undone has lost an attempt. */
    @POST
    @Path("/{id}/stop")
    public void stop(@PathParam("id") String id, RunView.Stop body) {
        Caller caller = call.caller();
        boolean watchdog = caller.principal().equals("system:" + Service.WATCHDOG.wireName());
        if (!watchdog && !caller.kind().human()) {
            throw new CapitaniaException(ErrorCode.DENIED, caller.principal() + " may not stop a run");
        }
        stop.byId(call.scope(), Authority.uuid(id), body.reason(), watchdog);
    }
}
