package org.capitania.registry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkiverse.mcp.server.McpMethod;
import io.quarkiverse.mcp.server.RequestId;
import io.quarkiverse.mcp.server.ToolManager;
import io.quarkiverse.mcp.server.runtime.McpMetrics;
import io.quarkiverse.mcp.server.runtime.McpRequest;
import io.quarkus.logging.Log;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * Has the gateway refuse a call of a tool that the library does not know, and answered by itself: every call has its row. The library tells of its
 * requests here and nowhere else; they are counted by the HTTP metrics.
 */
@Singleton
class UnknownTools implements McpMetrics {
    private final McpCalls calls;
    // By instance: the library makes its tools with this.
    private final Instance<ToolManager> tools;

    UnknownTools(McpCalls calls, Instance<ToolManager> tools) {
        this.calls = calls;
        this.tools = tools;
    }

    @Override
    public <T> void createMcpConnectionsGauge(T source, ToDoubleFunction<T> count) {
        // Sessions prove nothing and cost nothing.
    }

    @Override
    public void mcpRequestCompleted(
            @Nullable McpMethod method,
            JsonObject message,
            McpRequest request,
            long nanos,
            @Nullable Throwable failure) {
        if (method != McpMethod.TOOLS_CALL) {
            return;
        }
        JsonNode sent = Json.read(message.encode(), JsonNode.class);
        String name = sent.path("params").path("name").asText();
        if (!name.isEmpty() && tools.get().getTool(name) == null) {
            // The library tells it on the event loop, which must not wait for a store.
            Thread.ofVirtual().start(() -> refuse(request, name, sent));
        }
    }

    private void refuse(McpRequest request, String name, JsonNode sent) {
        request.contextStart();
        try {
            Object id = Json.convert(sent.path("id"), Object.class);
            JsonNode arguments = sent.path("params").path("arguments");
            calls.call(
                    request.connection(),
                    new RequestId(id),
                    name,
                    arguments.isMissingNode() ? Json.MAPPER.createObjectNode() : arguments);
        } catch (RuntimeException e) {
            Log.error("a call of an unknown tool has no row", e);
        } finally {
            request.contextEnd();
        }
    }
}
