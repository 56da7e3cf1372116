package org.capitania.supervisor.control;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.PauseAgent;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** Agents over HTTP. */
@Path("/v1/agents")
@RunOnVirtualThread
class AgentsResource {
    private final CallContext call;
    private final RegisterProcess register;
    private final ControlAgent control;
    private final AgentQueries queries;

    AgentsResource(CallContext call, RegisterProcess register, ControlAgent control, AgentQueries queries) {
        this.call = call;
        this.register = register;
        this.control = control;
        this.queries = queries;
    }

    @GET
    public List<AgentView> list() {
        return queries.all(call.scope());
    }

    @GET
    @Path("/{role}")
    public AgentView one(@PathParam("role") String role) {
        return queries.one(call.scope(), role);
    }

    @POST
    @Path("/{role}/register")
    public RegisterAgent.Registered register(@PathParam("role") String role, RegisterAgent body) {
        call.requirePrincipal("agent:" + role);
        return register.register(call.scope(), role, body);
    }

    @POST
    @Path("/{role}/pause")
    public AgentView pause(@PathParam("role") String role, @Nullable PauseAgent body) {
        control.pause(call.scope(), call.caller(), role, body == null ? new PauseAgent(null, null) : body);
        return queries.one(call.scope(), role);
    }

    @POST
    @Path("/{role}/resume")
    public AgentView resume(@PathParam("role") String role) {
        control.resume(call.scope(), call.caller(), role);
        return queries.one(call.scope(), role);
    }

    @POST
    @Path("/{role}/restart")
    public AgentView restart(@PathParam("role") String role, @QueryParam("fresh_session") boolean fresh) {
        control.restart(call.scope(), call.caller(), role, fresh);
        return queries.one(call.scope(), role);
    }

    @POST
    @Path("/{role}/handover")
    public AgentView handover(@PathParam("role") String role) {
        control.handover(call.scope(), call.caller(), role);
        return queries.one(call.scope(), role);
    }
}
