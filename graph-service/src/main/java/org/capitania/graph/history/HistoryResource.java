package org.capitania.graph.history;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/nodes/{ref}/history}. */
@Path("/v1/nodes/{ref}/history")
@RunOnVirtualThread
class HistoryResource {
    private static final int MOST = 200;

    private final HistoryQueries history;
    private final CallContext call;

    HistoryResource(HistoryQueries history, CallContext call) {
        this.history = history;
        this.call = call;
    }

    @GET
    public HistoryEntry.Page of(
            @PathParam("ref") String ref,
            @QueryParam("before") @Nullable Integer before,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return history.of(call.scope(), ref, before, Math.clamp(limit, 1, MOST));
    }
}
