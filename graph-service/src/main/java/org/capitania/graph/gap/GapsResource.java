package org.capitania.graph.gap;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** {@code GET /v1/gaps[/{name}]}. */
@Path("/v1/gaps")
@RunOnVirtualThread
class GapsResource {

    @GET
    public List<String> all() {
        throw notYet("gap views are");
    }

    @GET
    @Path("/{name}")
    public List<String> one(@PathParam("name") String name) {
        throw notYet("the gap view " + name + " is");
    }

    private static CapitaniaException notYet(String what) {
        return new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, what + " not available yet");
    }
}
