package org.capitania.graph.reconcile;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.graph.node.Moment;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/reconciliation/duplicates} and {@code /edges}. */
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

    /** Of pairs of which one has changed since a time, or of all. */
    @GET
    @Path("/duplicates")
    public Duplicates duplicates(
            @QueryParam("type") @DefaultValue("entity") String type,
            @QueryParam("since") @Nullable String since,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        if (!TYPES.contains(type)) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "/type is " + type + "; expected " + String.join(" or ", TYPES),
                    List.of(new FieldError("/type", type, TYPES.toString(), "no duplicates are looked for")));
        }
        return duplicates.of(
                call.scope(), type, Moment.time("since", since), Math.clamp(limit, 1, FindDuplicates.MOST));
    }

    @GET
    @Path("/edges")
    public EdgeFaults edges() {
        return faults.of(call.scope());
    }
}
