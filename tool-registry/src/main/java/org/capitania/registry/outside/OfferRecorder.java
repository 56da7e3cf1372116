package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.mcp.client.McpCallContext;
import dev.langchain4j.mcp.client.transport.McpOperationHandler;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.protocol.McpClientMessage;
import dev.langchain4j.mcp.protocol.McpInitializeRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps each list of tools as the server sent it: the client's own form leaves out what it does not know, and that could change unseen. */
final class OfferRecorder implements McpTransport {
    private final McpTransport line;
    private final List<JsonNode> offered = new CopyOnWriteArrayList<>();

    OfferRecorder(McpTransport line) {
        this.line = line;
    }

    List<JsonNode> offered() {
        return List.copyOf(offered);
    }

    @Override
    public void start(McpOperationHandler handler) {
        line.start(handler);
    }

    @Override
    public CompletableFuture<JsonNode> initialize(McpInitializeRequest request) {
        return line.initialize(request);
    }

    @Override
    public CompletableFuture<JsonNode> executeOperationWithResponse(McpClientMessage request) {
        return line.executeOperationWithResponse(request).thenApply(this::keep);
    }

    @Override
    public CompletableFuture<JsonNode> executeOperationWithResponse(McpCallContext context) {
        return line.executeOperationWithResponse(context).thenApply(this::keep);
    }

    @Override
    public void executeOperationWithoutResponse(McpClientMessage request) {
        line.executeOperationWithoutResponse(request);
    }

    @Override
    public void executeOperationWithoutResponse(McpCallContext context) {
        line.executeOperationWithoutResponse(context);
    }

    @Override
    public void checkHealth() {
        line.checkHealth();
    }

    @Override
    public void onFailure(Runnable action) {
        line.onFailure(action);
    }

    @Override
    public void close() throws IOException {
        line.close();
    }

    private JsonNode keep(JsonNode answer) {
        answer.path("result").path("tools").forEach(offered::add);
        return answer;
    }
}
