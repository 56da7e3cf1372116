package org.capitania.graph.cypher;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.Cypher;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code GET} and {@code POST /v1/cypher}; for people only, since what an answer is derived from, and so its taint, cannot be told. */
@Path("/v1/cypher")
@RunOnVirtualThread
class CypherResource {
    private final CypherQueries queries;
    private final CallContext call;

    CypherResource(CypherQueries queries, CallContext call) {
        this.queries = queries;
        this.call = call;
    }

    @GET
    public Cypher.Availability availability() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return queries.availability(call.scope());
    }

    @POST
    public Cypher.Result ask(Cypher wanted) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return queries.ask(call.scope(), wanted);
    }
}
