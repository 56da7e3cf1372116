package org.capitania.registry.doubt;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.DoubtList;
import org.capitania.contract.api.SettleDoubt;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code /v1/doubts}, for people, and for the console in the name of who is signed in. */
@Path("/v1/doubts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class DoubtResource {
    private static final String CONSOLE = "system:approval-service";

    private final CallContext context;
    private final Doubts doubts;
    private final Settlement settlement;

    DoubtResource(CallContext context, Doubts doubts, Settlement settlement) {
        this.context = context;
        this.doubts = doubts;
        this.settlement = settlement;
    }

    @GET
    public DoubtList list() {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return new DoubtList(doubts.list(context.scope()));
    }

    /** Settles one; what the same person says again is the same. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public DoubtList settle(@Nullable SettleDoubt said) {
        requirePerson();
        Boolean happened = said == null ? null : said.happened();
        if (said == null || said.id() == null || happened == null) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "say of which one (id), and whether it happened");
        }
        String note = said.note() == null || said.note().isBlank()
                ? null
                : said.note().strip();
        settlement.settle(context.scope(), said.id(), happened, note);
        return new DoubtList(doubts.list(context.scope()));
    }

    private void requirePerson() {
        String actor = context.scope().actor();
        boolean own =
                context.caller().kind().human() && actor.equals(context.caller().principal());
        if (!actor.startsWith("user:") || !(own || context.caller().principal().equals(CONSOLE))) {
            throw new CapitaniaException(ErrorCode.DENIED, "only a person says what happened, not " + actor)
                    .withHint("ask the owner");
        }
    }
}
