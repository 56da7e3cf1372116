package org.capitania.graph.history;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.Rollback;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;

/** {@code POST /v1/rollbacks}: for people, and for tool-registry when what it let through has to go back. */
@Path("/v1/rollbacks")
@RunOnVirtualThread
class RollbacksResource {
    private static final String EXECUTOR = "system:tool-registry";

    private final RollBack rollBack;
    private final CallContext call;

    RollbacksResource(RollBack rollBack, CallContext call) {
        this.rollBack = rollBack;
        this.call = call;
    }

    @POST
    public Rollback.Result rollBack(Rollback wanted) {
        Caller caller = call.caller();
        if (!caller.isPerson() && !caller.principal().equals(EXECUTOR)) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, caller.principal() + " may not undo a mutation; a person or tool-registry may");
        }
        return rollBack.run(call.scope(), String.valueOf(wanted.mutationId()));
    }
}
