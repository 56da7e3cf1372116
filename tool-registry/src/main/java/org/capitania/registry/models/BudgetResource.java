package org.capitania.registry.models;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** What agents may spend, over HTTP. */
@Path("/v1/budgets")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class BudgetResource {
    private final CallContext context;
    private final BudgetStandings standings;

    BudgetResource(CallContext context, BudgetStandings standings) {
        this.context = context;
        this.standings = standings;
    }

    @GET
    @Path("/{role}")
    public BudgetStanding standing(@PathParam("role") String role) {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return standings.of(context.scope(), role);
    }
}
