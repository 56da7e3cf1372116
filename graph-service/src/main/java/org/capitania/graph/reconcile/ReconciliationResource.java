package org.capitania.graph.reconcile;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/reconciliation/duplicates} and {@code GET /v1/reconciliation/edges}. */
@Path("/v1/reconciliation")
@RunOnVirtualThread
class ReconciliationResource {
    private static final List<String> TYPES = List.of("entity", "contact");

    private final FindDuplicates duplicates;
    private final FindEdgeFaults faults;
    private final CallContext call;

    ReconciliationResource(FindDuplicates duplicates, FindEdgeFaults faults, CallContext call) {
        this.duplicates = duplicates;
        this.faults = faults;
        this.call = call;
    }

    /** Reads, though its question is a body: the pairs that it leaves out may be many. */
    @POST
    @Path("/duplicates")
    public Duplicates duplicates(Duplicates.@Nullable Query asked) {
        String type = asked == null ? null : asked.type();
        if (asked == null || type == null || !TYPES.contains(type)) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "/type is " + type + "; expected " + String.join(" or ", TYPES),
                    List.of(new FieldError(
                            "/type", String.valueOf(type), TYPES.toString(), "no duplicates are looked for")));
        }
        return duplicates.of(call.scope(), asked);
    }

    @GET
    @Path("/edges")
    public EdgeFaults edges() {
        return faults.of(call.scope());
    }
}
