package org.capitania.graph.erasure;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.Erasure;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code POST /v1/erasures}. */
@Path("/v1/erasures")
@RunOnVirtualThread
class ErasuresResource {
    private final ErasePerson command;
    private final CallContext call;

    ErasuresResource(ErasePerson command, CallContext call) {
        this.command = command;
        this.call = call;
    }

    @POST
    public Erasure.Result erase(Erasure wanted) {
        call.requireKind(PrincipalKind.OWNER);
        return command.run(call.scope(), String.valueOf(wanted.person()));
    }
}
