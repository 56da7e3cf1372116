package org.capitania.graph.mutation;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.MutationResult;
import org.capitania.servicekit.CallContext;

/** {@code POST /v1/mutations}. */
@Path("/v1/mutations")
@RunOnVirtualThread
class MutationsResource {
    private final ApplyMutations command;
    private final CallContext call;

    MutationsResource(ApplyMutations command, CallContext call) {
        this.command = command;
        this.call = call;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public MutationResult apply(byte[] body) {
        return command.apply(call.caller(), call.scope(), BatchReader.read(body), call.idempotencyKey());
    }

    /** What the caller's batch under this key was answered. Whoever has to compose a batch anew asks here whether the first is in. */
    @GET
    @Path("/{key: .+}")
    public MutationResult answered(@PathParam("key") String key) {
        return command.answered(call.scope(), key);
    }
}
