package org.capitania.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.contract.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bridge between standard streams and a gateway that a test plays: a session, answers as JSON and as events, and what goes wrong. */
class ServeMcpTest {
    private static final String HELLO =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}\n";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    private HttpServer gateway;
    /** Method, session and protocol version of each message, in the order they came. */
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/v1/token-issues", exchange -> {
            exchange.getRequestBody().readAllBytes();
            send(exchange, 200, "application/json", "{\"audit_event_id\":\"t\"}");
        });
        gateway.createContext("/mcp", this::speak);
        gateway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    private void speak(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String method = Json.read(body, JsonNode.class).path("method").asText();
        var headers = exchange.getRequestHeaders();
        assertThat(headers.getFirst("Authorization")).startsWith("Bearer ey");
        assertThat(headers.getFirst("Accept")).contains("application/json", "text/event-stream");
        heard.add(method + " " + headers.getFirst("Mcp-Session-Id") + " " + headers.getFirst("MCP-Protocol-Version"));
        switch (method) {
            case "initialize" -> {
                exchange.getResponseHeaders().add("Mcp-Session-Id", "s-1");
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\"}}");
            }
            case "tools/list" ->
                send(
                        exchange,
                        200,
                        "text/event-stream",
                        "id: 1\ndata: {\"method\":\"notifications/message\"}\n\ndata: {\"id\":1,\"result\":{}}\n\n");
            case "notifications/initialized" -> send(exchange, 202, "application/json", "");
            default -> send(exchange, 401, "application/problem+json", "{\"code\":\"unauthenticated\"}");
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void shouldCarryEveryMessageInOneSessionAndAnswerEachRequest() {
        Result result = serve(HELLO
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\"}\n"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}\n"
                + "no json\n");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(heard.getFirst()).isEqualTo("initialize null null");
        assertThat(heard.subList(1, heard.size()))
                .containsExactlyInAnyOrder(
                        "notifications/initialized s-1 2025-11-25",
                        "tools/list s-1 2025-11-25",
                        "tools/call s-1 2025-11-25",
                        "notifications/cancelled s-1 2025-11-25");
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst()).contains("\"id\":0", "protocolVersion");
        assertThat(lines).contains("{\"method\":\"notifications/message\"}", "{\"id\":1,\"result\":{}}");
        assertThat(lines).anyMatch(line -> line.contains("\"id\":2") && line.contains("401"));
        assertThat(lines).anyMatch(line -> line.contains("-32700"));
    }

    @Test
    void shouldAnswerThatNobodyIsThereAndBeNobodyButAClient() {
        gateway.stop(0);
        Result alone = serve(HELLO);
        assertThat(alone.out().lines()).hasSize(1);
        assertThat(alone.out()).contains("\"id\":0", "\"error\"");
        assertThat(serve(HELLO, "--as", "user:owner").exitCode()).isEqualTo(1);
    }

    private Result serve(String input, String... more) {
        String[] words = new String[more.length + 1];
        words[0] = "mcp-serve";
        System.arraycopy(more, 0, words, 1, more.length);
        String address = "http://127.0.0.1:" + gateway.getAddress().getPort();
        return fleet.fed(input, Map.of("HQ_TOOL_REGISTRY_URL", address), words);
    }
}
