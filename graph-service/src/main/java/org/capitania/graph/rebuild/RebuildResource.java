package org.capitania.graph.rebuild;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code POST /v1/rebuild/check}: it takes as long as reading the topics takes. */
@Path("/v1/rebuild/check")
@RunOnVirtualThread
class RebuildResource {
    private final CheckRebuild check;
    private final CallContext call;

    RebuildResource(CheckRebuild check, CallContext call) {
        this.check = check;
        this.call = call;
    }

    @POST
    public RebuildCheck check() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return check.run(call.scope());
    }
}
