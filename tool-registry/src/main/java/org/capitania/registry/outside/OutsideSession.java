package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.quarkus.logging.Log;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;

/** One conversation with an outside tool server. Whatever it says stays in the data of a result; a failure is told in our own words. */
final class OutsideSession implements AutoCloseable {
    /** What a server may offer; it is kept, and shown to the owner. */
    private static final int MOST = 200;

    private static final int LONGEST = 50_000;

    private static final int LONGEST_TEXT = 200_000;

    private final String server;
    private final String timedOut = "timed out " + UUID.randomUUID();
    private final OfferRecorder line;
    private final McpClient client;

    private OutsideSession(String server, OutsideConfig.Server config) {
        this.server = server;
        this.line = new OfferRecorder(new StreamableHttpMcpTransport.Builder()
                .url(config.url().toString())
                .customHeaders(config.token()
                        .map(token -> Map.of("Authorization", "Bearer " + token))
                        .orElse(Map.of()))
                .timeout(config.timeout())
                .followRedirects(false)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build());
        this.client = DefaultMcpClient.builder()
                .transport(line)
                .key(server)
                .clientName("capitania")
                .clientVersion("1")
                .initializationTimeout(config.timeout())
                .toolExecutionTimeout(config.timeout())
                .toolExecutionTimeoutErrorMessage(timedOut)
                .autoHealthCheck(false)
                .cacheToolList(false)
                .build();
    }

    static OutsideSession open(String server, OutsideConfig.Server config) {
        try {
            return new OutsideSession(server, config);
        } catch (RuntimeException e) {
            Log.debugf(e, "an outside server does not answer server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the outside server " + server + " does not answer");
        }
    }

    /** What it offers at this moment. */
    List<OfferedTool> offered() {
        try {
            client.listTools();
        } catch (RuntimeException e) {
            Log.debugf(e, "an outside server lists nothing server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the outside server " + server + " does not say which tools it has");
        }
        List<OfferedTool> offered = line.offered().stream()
                .map(tool -> OfferedTool.of(server, tool))
                .toList();
        if (offered.size() > MOST
                || offered.stream()
                        .anyMatch(tool -> tool.definition().toString().length() > LONGEST)) {
            throw new CapitaniaException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the outside server " + server + " offers more than " + MOST + " tools, or one of more than "
                            + LONGEST + " characters");
        }
        return offered;
    }

    /** What became of a call; a {@code PEER_TIMEOUT} leaves it open whether it happened. */
    JsonNode call(String remoteName, JsonNode arguments) {
        try {
            ToolExecutionResult result = client.executeTool(ToolExecutionRequest.builder()
                    .id(UUID.randomUUID().toString())
                    .name(remoteName)
                    .arguments(arguments.toString())
                    .build());
            return said(String.valueOf(result.resultText()), result.isError());
        } catch (ToolExecutionException e) {
            // The server answered, with an error.
            return said(String.valueOf(e.getMessage()), true);
        } catch (CapitaniaException e) {
            throw e;
        } catch (RuntimeException e) {
            Log.debugf(e, "an outside call failed server=%s", server);
            throw new CapitaniaException(
                    ErrorCode.PEER_TIMEOUT,
                    "the outside server " + server
                            + " broke off, or answered no result; whether it did it, it alone knows");
        }
    }

    private JsonNode said(String text, boolean error) {
        if (text.contains(timedOut)) {
            throw new CapitaniaException(
                    ErrorCode.PEER_TIMEOUT,
                    "the outside server " + server + " did not answer in time; it may have done it");
        }
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("server", server).put("is_error", error);
        data.put("text", text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…");
        return data;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            Log.debugf(e, "an outside session did not end well server=%s", server);
        }
    }
}
