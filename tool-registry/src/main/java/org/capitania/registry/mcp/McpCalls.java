package org.capitania.registry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkiverse.mcp.server.McpConnection;
import io.quarkiverse.mcp.server.RequestId;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.gateway.Gateway;
import org.capitania.servicekit.CallContext;

/** A request of the protocol as a call of the gateway, in the name of whoever's token this very request carries: a session proves nothing. */
@ApplicationScoped
class McpCalls {
    private final CallContext context;
    private final Gateway gateway;
    private final Curations curations;

    McpCalls(CallContext context, Gateway gateway, Curations curations) {
        this.context = context;
        this.gateway = gateway;
        this.curations = curations;
    }

    /** Calls a tool; the same request of the same session is the same call, however often it arrives. */
    ToolResult call(McpConnection session, RequestId request, String tool, JsonNode arguments) {
        String callId = "mcp:" + session.id() + ":" + Json.write(request.value());
        return gateway.call(
                context.caller(),
                context.scope(),
                tool,
                new ToolCallRequest(callId, "mcp:" + session.id(), null, null, null, null, arguments));
    }

    /** Whether the tool is shown to the caller. What is not shown can be called all the same, and is refused by the gateway, which writes it down. */
    boolean shows(String tool) {
        return curations.ofClient(context.caller().principal()).containsKey(tool);
    }
}
