package org.capitania.graph.rebuild;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.EventsReplay;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code POST /v1/events/replays}. */
@Path("/v1/events/replays")
@RunOnVirtualThread
class ReplayResource {
    private final ReplayEvents replay;
    private final CallContext call;

    ReplayResource(ReplayEvents replay, CallContext call) {
        this.replay = replay;
        this.call = call;
    }

    @POST
    public EventsReplay.Result replay(EventsReplay wanted) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return replay.run(call.scope(), wanted);
    }
}
