package org.capitania.watchdog.incidents;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.IncidentView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Incidents over HTTP. */
@Path("/v1/incidents")
@RunOnVirtualThread
class IncidentsResource {
    private final CallContext call;
    private final Sql sql;
    private final Incidents incidents;
    private final IncidentQueries queries;

    IncidentsResource(CallContext call, Sql sql, Incidents incidents, IncidentQueries queries) {
        this.call = call;
        this.sql = sql;
        this.incidents = incidents;
        this.queries = queries;
    }

    @GET
    public IncidentView.Page list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("check") @Nullable String check,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return sql.tx(call.scope(), tx -> queries.list(tx, state, check, Math.clamp(limit, 1, 500)));
    }

    @GET
    @Path("/{id}")
    public IncidentView one(@PathParam("id") String id) {
        return sql.tx(call.scope(), tx -> queries.one(tx, uuid(id)));
    }

    @POST
    @Path("/{id}/acknowledge")
    public IncidentView acknowledge(@PathParam("id") String id) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return sql.tx(call.scope(), tx -> {
            if (!incidents.acknowledge(tx, uuid(id), call.caller().actor())) {
                throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no incident " + id);
            }
            return queries.one(tx, uuid(id));
        });
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not an id: " + id, e);
        }
    }
}
