package org.capitania.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.call.HttpClients;
import org.capitania.cli.token.Issuer;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;

/** One session of the protocol: messages go out as posts, answers come back as lines, whole and one at a time. */
final class Bridge implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** An ask of an agent takes up to five minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final Duration TOKEN = Duration.ofMinutes(15);
    private static final Duration RENEW = Duration.ofMinutes(2);
    private static final int BROKEN = -32000;

    private final Fleet fleet;
    private final Issuer issuer;
    private final String client;
    private final PrintStream out;
    private final Clock clock;
    private @Nullable HttpClient http;
    private Issuer.@Nullable Issued token;
    private volatile @Nullable String session;
    private volatile @Nullable String version;

    Bridge(Fleet fleet, Issuer issuer, String client, Environment environment) {
        this.fleet = fleet;
        this.issuer = issuer;
        this.client = client;
        this.out = environment.out();
        this.clock = environment.clock();
    }

    /** Whether the gateway has opened the session. */
    boolean begun() {
        return session != null;
    }

    /** Carries one message; what goes wrong on the way is the answer of the protocol to it. */
    void carry(String line) {
        JsonNode message;
        try {
            message = Json.MAPPER.readTree(line);
        } catch (IOException e) {
            say(error(Json.MAPPER.nullNode(), -32700, "this line is no JSON").toString());
            return;
        }
        try {
            HttpResponse<Stream<String>> response = client().send(request(line), BodyHandlers.ofLines());
            response.headers().firstValue("Mcp-Session-Id").ifPresent(id -> session = id);
            try (Stream<String> lines = response.body()) {
                answer(message, response, lines);
            }
        } catch (IOException | Failure e) {
            broken(message, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broken(message, "interrupted");
        }
    }

    private void answer(JsonNode message, HttpResponse<Stream<String>> response, Stream<String> lines) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith("text/event-stream")) {
            lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring("data:".length()).strip())
                    .filter(data -> !data.isEmpty())
                    .forEach(data -> heard(message, data));
            return;
        }
        String body = String.join(" ", lines.toList());
        if (response.statusCode() < 400) {
            if (!body.isBlank()) {
                heard(message, body);
            }
            return;
        }
        if (response.statusCode() == 404) {
            // The gateway has forgotten it; the client has to open another.
            session = null;
        }
        broken(message, "the gateway answered " + response.statusCode() + ": " + body);
    }

    private void heard(JsonNode message, String answer) {
        if (message.path("method").asText().equals("initialize")) {
            version = read(answer).at("/result/protocolVersion").asText(null);
        }
        say(answer);
    }

    private static JsonNode read(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private HttpRequest request(String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address())
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        header(request, "Mcp-Session-Id", session);
        header(request, "MCP-Protocol-Version", version);
        return request.build();
    }

    private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value != null) {
            request.header(name, value);
        }
    }

    private URI address() {
        return fleet.url(Service.TOOL_REGISTRY).resolve("/mcp");
    }

    private synchronized String token() {
        Issuer.Issued known = token;
        if (known == null || !clock.instant().isBefore(known.end().minus(RENEW))) {
            known = issuer.issue(client, Service.TOOL_REGISTRY.wireName(), TOKEN);
            token = known;
        }
        return known.token();
    }

    private synchronized HttpClient client() {
        HttpClient known = http;
        if (known == null) {
            known = HttpClients.forScheme(address(), CONNECT);
            http = known;
        }
        return known;
    }

    /** A notification is answered by nothing, whatever became of it. */
    private void broken(JsonNode message, String why) {
        if (message.has("id") && message.has("method")) {
            say(error(message.get("id"), BROKEN, why).toString());
        }
    }

    private static ObjectNode error(JsonNode id, int code, String why) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.putObject("error").put("code", code).put("message", why);
        return answer;
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            HttpClients.close(http);
        }
    }
}
