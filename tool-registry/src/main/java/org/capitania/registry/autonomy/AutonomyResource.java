package org.capitania.registry.autonomy;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.AutonomyView;
import org.capitania.servicekit.CallContext;

/** Whether autonomy is frozen, for everyone who shows it. It is frozen and thawed by the tool {@code hq_autonomy}. */
@Path("/v1")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class AutonomyResource {
    private final CallContext context;
    private final Autonomy autonomy;

    AutonomyResource(CallContext context, Autonomy autonomy) {
        this.context = context;
        this.autonomy = autonomy;
    }

    @GET
    @Path("/autonomy")
    public AutonomyView show() {
        return autonomy.look(context.scope());
    }
}
