package org.capitania.registry.sessions;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionClosed;
import org.capitania.contract.api.SessionCost;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.SessionOpen;
import org.capitania.registry.models.Settlements;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;

/** Where an agent's harness begins and ends a session; no tool of the model's reaches it. */
@Path("/v1/sessions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class SessionResource {
    private final CallContext context;
    private final OpenSession open;
    private final CloseSession close;
    private final Sql sql;
    private final SessionBook books;
    private final Settlements settlements;

    SessionResource(
            CallContext context,
            OpenSession open,
            CloseSession close,
            Sql sql,
            SessionBook books,
            Settlements settlements) {
        this.settlements = settlements;
        this.context = context;
        this.sql = sql;
        this.books = books;
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
    public SessionClosed close(@PathParam("id") String sessionId, SessionClose request) {
        requireSelf(request.role());
        return close.close(context.scope().withCorrelation(request.taskId()), sessionId, request);
    }

    /** What a session of the caller's has cost so far; 0 for one that called no model. */
    @GET
    @Path("/{id}/cost")
    public SessionCost cost(@PathParam("id") String sessionId) {
        context.requireKind(PrincipalKind.AGENT);
        String role = context.caller().principal().substring("agent:".length());
        settlements.await(context.scope(), role);
        return new SessionCost(sessionId, sql.read(context.scope(), tx -> books.cost(tx, role, sessionId)));
    }

    private void requireSelf(String role) {
        context.requireKind(PrincipalKind.AGENT);
        if (!context.caller().principal().equals("agent:" + role)) {
            throw new CapitaniaException(ErrorCode.DENIED, context.caller().principal() + " is not agent:" + role);
        }
    }
}
