package org.capitania.registry.ledger;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.TokenIssue;
import org.capitania.contract.api.TokenIssued;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** Where the owner's own tool says that it is about to make a token for somebody; without an answer from here it makes none. */
@Path("/v1/token-issues")
@Produces(MediaType.APPLICATION_JSON)
class TokenIssueResource {
    private final CallContext context;
    private final NoteTokenIssue command;

    TokenIssueResource(CallContext context, NoteTokenIssue command) {
        this.context = context;
        this.command = command;
    }

    @POST
    @RunOnVirtualThread
    public TokenIssued note(TokenIssue issue) {
        context.requireKind(PrincipalKind.OWNER);
        return command.note(context.scope(), context.caller(), issue);
    }
}
