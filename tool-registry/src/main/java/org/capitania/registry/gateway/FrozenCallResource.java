package org.capitania.registry.gateway;

import io.quarkus.logging.Log;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RevisionRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;

/** Frozen calls for those who decide about them. */
@Path("/v1/frozen-calls")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class FrozenCallResource {
    private final CallContext context;
    private final Sql sql;
    private final FrozenCalls frozenCalls;
    private final ReviseFrozenCall revise;

    FrozenCallResource(CallContext context, Sql sql, FrozenCalls frozenCalls, ReviseFrozenCall revise) {
        this.context = context;
        this.sql = sql;
        this.frozenCalls = frozenCalls;
        this.revise = revise;
    }

    /** Its newest revision; {@code secrets=true}, with the owner's own key, leaves the arguments as they will be carried out. */
    @GET
    @Path("/{proposal_id}")
    public FrozenCall get(
            @PathParam("proposal_id") String proposalId,
            @QueryParam("secrets") @DefaultValue("false") boolean exactly) {
        if (exactly) {
            context.requireKind(PrincipalKind.OWNER);
        } else {
            context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        }
        FrozenRevision newest = sql.tx(context.scope(), tx -> frozenCalls.newest(tx, proposalId))
                .orElseThrow(
                        () -> new CapitaniaException(ErrorCode.NOT_FOUND, "no frozen call is called " + proposalId));
        if (!exactly) {
            return frozenCalls.announced(newest);
        }
        Log.infof(
                "the owner was shown a call with its secrets tenant=%s proposal=%s",
                context.scope().tenant(), newest.proposalId());
        return newest.announced(newest.arguments());
    }

    /** A person's edit, which only approval-service brings, in that person's name. */
    @POST
    @Path("/{proposal_id}/revisions")
    public FrozenCall revise(@PathParam("proposal_id") String proposalId, RevisionRequest request) {
        context.requirePrincipal("system:approval-service");
        String person = context.caller().actor();
        if (!person.startsWith("user:") || !person.equals(request.by())) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, "a frozen call is edited in the name of the person who edits, not of " + person);
        }
        return frozenCalls.announced(revise.revise(context.scope(), proposalId, request));
    }
}
