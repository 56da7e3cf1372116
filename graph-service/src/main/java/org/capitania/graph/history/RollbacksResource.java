package org.capitania.graph.history;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.HistoryEntry;

/** {@code POST /v1/rollbacks}. */
@Path("/v1/rollbacks")
@RunOnVirtualThread
class RollbacksResource {

    @POST
    public HistoryEntry.Page rollBack() {
        throw new CapitaniaException(
                ErrorCode.NOT_AVAILABLE_YET, "rolling a node back to an earlier version is not available yet");
    }
}
