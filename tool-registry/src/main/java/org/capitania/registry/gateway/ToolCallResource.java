package org.capitania.registry.gateway;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.servicekit.CallContext;

/**
 * Where tools are called. What became of a call stands in the body; the status is 200 for a refused one too. Rooted at {@code /v1} like
 * the catalogue: a longer root here would hide {@code GET /v1/tools}, since the longest root alone is looked into.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
class ToolCallResource {
    private final CallContext context;
    private final Gateway gateway;

    ToolCallResource(CallContext context, Gateway gateway) {
        this.context = context;
        this.gateway = gateway;
    }

    @POST
    @Path("/tools/{name}/calls")
    @RunOnVirtualThread
    public ToolResult call(@PathParam("name") String name, ToolCallRequest request) {
        return gateway.call(context.caller(), context.scope(), name, request);
    }
}
