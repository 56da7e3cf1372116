package org.capitania.registry.sessions;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.SessionOpen;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** Where an agent's harness begins and ends a session; no tool of the model's reaches it. */
@Path("/v1/sessions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class SessionResource {
    private final CallContext context;
    private final OpenSession open;
    private final CloseSession close;

    SessionResource(CallContext context, OpenSession open, CloseSession close) {
        this.context = context;
        this.open = open;
        this.close = close;
    }

    @POST
    public SessionHeader open(SessionOpen request) {
        requireSelf(request.role());
        return open.open(context.scope().withCorrelation(request.taskId()), request);
    }

    @POST
    @Path("/{id}/close")
    public Map<String, Object> close(@PathParam("id") String sessionId, SessionClose request) {
        requireSelf(request.role());
        return close.close(context.scope().withCorrelation(request.taskId()), sessionId, request);
    }

    private void requireSelf(String role) {
        context.requireKind(PrincipalKind.AGENT);
        if (!context.caller().principal().equals("agent:" + role)) {
            throw new CapitaniaException(ErrorCode.DENIED, context.caller().principal() + " is not agent:" + role);
        }
    }
}
