package org.capitania.registry.models;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** What agents may spend, over HTTP; an agent may see its own. */
@Path("/v1/budgets")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class BudgetResource {
    private final CallContext context;
    private final BudgetStandings standings;
    private final Ceilings ceilings;
    private final RaiseCap raises;

    BudgetResource(CallContext context, BudgetStandings standings, Ceilings ceilings, RaiseCap raises) {
        this.raises = raises;
        this.context = context;
        this.standings = standings;
        this.ceilings = ceilings;
    }

    @GET
    public BudgetView all() {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return standings.all(context.scope());
    }

    @POST
    public BudgetView set(BudgetView.SetCeiling ceiling) {
        context.requireKind(PrincipalKind.OWNER);
        ceilings.set(context.scope(), ceiling.monthlyUsd());
        return standings.all(context.scope());
    }

    @POST
    @Path("/{role}")
    public BudgetView raise(@PathParam("role") String role, BudgetView.RaiseDay raise) {
        context.requireKind(PrincipalKind.OWNER);
        raises.today(context.scope(), role, raise.dailyUsd());
        return standings.all(context.scope());
    }

    @GET
    @Path("/{role}")
    public BudgetStanding standing(@PathParam("role") String role) {
        if (!context.caller().principal().equals("agent:" + role)) {
            context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        }
        return standings.of(context.scope(), role);
    }
}
