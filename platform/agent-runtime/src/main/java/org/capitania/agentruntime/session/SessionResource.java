package org.capitania.agentruntime.session;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.SessionMessages;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** What an agent's sessions were, step by step; for the owner, to see what went on. */
@Path("/v1/sessions")
@RunOnVirtualThread
public class SessionResource {
    private static final int MOST = 200;

    private final CallContext context;
    private final SessionQueries sessions;
    private final FollowSession follow;

    SessionResource(CallContext context, SessionQueries sessions, FollowSession follow) {
        this.context = context;
        this.sessions = sessions;
        this.follow = follow;
    }

    @GET
    public SessionView.Page list(
            @QueryParam("task_id") @Nullable String taskId, @QueryParam("limit") @DefaultValue("50") int limit) {
        requirePerson();
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
        requirePerson();
        return sessions.get(context.scope(), id);
    }

    /** The session as it goes on, as server-sent events; what the reader has seen is not told again. */
    @GET
    @Path("/{id}/live")
    @Produces(MediaType.WILDCARD)
    public Response live(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String seen,
            @Context HttpServerRequest reader) {
        requirePerson();
        int after = seen == null ? -1 : sequence(seen);
        Scope scope = context.scope();
        // Before anything is sent: one that is not there is a problem like any other.
        sessions.since(scope, id, Integer.MAX_VALUE);
        StreamingOutput events = out ->
                follow.follow(scope, id, after, out, () -> reader.response().closed());
        return Response.ok(events)
                .type(MediaType.SERVER_SENT_EVENTS)
                .header("Cache-Control", "no-store")
                .build();
    }

    private static int sequence(String seen) {
        if (!seen.matches("\\d{1,9}")) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "Last-Event-ID is the sequence of an entry; found " + seen);
        }
        return Integer.parseInt(seen);
    }

    /** Also one who is signed in to the console. */
    private void requirePerson() {
        if (!context.caller().isPerson()) {
            context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        }
    }
}
