package org.capitania.graph.stats;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.capitania.contract.api.GraphStats;
import org.capitania.servicekit.CallContext;

/** {@code GET /v1/stats}. */
@Path("/v1/stats")
@RunOnVirtualThread
class StatsResource {
    private final GraphStatsQueries stats;
    private final CallContext call;

    StatsResource(GraphStatsQueries stats, CallContext call) {
        this.stats = stats;
        this.call = call;
    }

    @GET
    public GraphStats stats() {
        return stats.of(call.scope());
    }

    @GET
    @Path("/producers")
    public GraphStats.Throughputs producers() {
        return stats.producers(call.scope());
    }

    @GET
    @Path("/work")
    public GraphStats.Work work(@QueryParam("role") @DefaultValue("operator") String role) {
        return stats.work(call.scope(), role);
    }
}
