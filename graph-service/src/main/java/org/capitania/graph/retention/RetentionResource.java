package org.capitania.graph.retention;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.Retention;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code /v1/retention}: everybody may see it, the owner chooses. */
@Path("/v1/retention")
@RunOnVirtualThread
class RetentionResource {
    private final ChooseRetention choose;
    private final RemoveHistory remove;
    private final CallContext call;

    RetentionResource(ChooseRetention choose, RemoveHistory remove, CallContext call) {
        this.choose = choose;
        this.remove = remove;
        this.call = call;
    }

    @GET
    public Retention current() {
        return choose.current(call.scope());
    }

    @POST
    public Retention choose(Retention.Choice choice) {
        call.requireKind(PrincipalKind.OWNER);
        return choose.run(call.scope(), choice.keepDays());
    }

    @POST
    @Path("/removals")
    public Retention.Removal remove() {
        call.requireKind(PrincipalKind.OWNER);
        return remove.run(call.scope());
    }
}
