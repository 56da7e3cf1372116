package org.capitania.agentruntime.session;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.capitania.contract.Service;
import org.capitania.contract.api.SessionMessages;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** What an agent's sessions were, step by step; for the owner, to see what went on. */
@Path("/v1/sessions")
@RunOnVirtualThread
public class SessionResource {
    private static final int MOST = 200;

    private final CallContext context;
    private final SessionQueries sessions;

    SessionResource(CallContext context, SessionQueries sessions) {
        this.context = context;
        this.sessions = sessions;
    }

    @GET
    public SessionView.Page list(
            @QueryParam("task_id") @Nullable String taskId, @QueryParam("limit") @DefaultValue("50") int limit) {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return sessions.list(context.scope(), taskId, Math.clamp(limit, 1, MOST));
    }

    /** What a model was told in one call; tool-registry shows it to those who may see the trace. */
    @GET
    @Path("/{id}/messages")
    public SessionMessages messages(@PathParam("id") String id, @QueryParam("call") String callId) {
        if (context.caller().kind() == PrincipalKind.SERVICE) {
            context.requirePrincipal("system:" + Service.TOOL_REGISTRY.wireName());
        } else {
            context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        }
        return sessions.messages(context.scope(), id, callId);
    }

    @GET
    @Path("/{id}")
    public SessionView get(@PathParam("id") String id) {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return sessions.get(context.scope(), id);
    }
}
