package org.capitania.registry.mcp;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.testkit.TestTokens;

/** A client of the protocol that does nothing but send what a test says. */
final class McpSession {
    static final String VERSION = "2025-11-25";

    private final String token;
    private final String id;
    private int requests;

    private McpSession(String token, String id) {
        this.token = token;
        this.id = id;
    }

    static McpSession of(String principal) {
        String token = TestTokens.bearer(principal, Service.TOOL_REGISTRY);
        Response hello = post(token, null, message(0, "initialize", hello()));
        if (hello.statusCode() != 200) {
            throw new AssertionError(hello.statusCode() + " " + hello.asString());
        }
        McpSession session = new McpSession(token, hello.header("Mcp-Session-Id"));
        post(token, session.id, message(null, "notifications/initialized", Map.of()));
        return session;
    }

    static Map<String, Object> hello() {
        return Map.of(
                "protocolVersion",
                VERSION,
                "capabilities",
                Map.of(),
                "clientInfo",
                Map.of("name", "t", "version", "1"));
    }

    String id() {
        return id;
    }

    /** The result; an error of the protocol fails. */
    JsonNode result(String method, Object params) {
        JsonNode answer = ask(method, params);
        if (!answer.has("result")) {
            throw new AssertionError(method + ": " + answer);
        }
        return answer.path("result");
    }

    JsonNode ask(String method, Object params) {
        return ask(++requests, method, params);
    }

    JsonNode ask(int request, String method, Object params) {
        return body(post(token, id, message(request, method, params)));
    }

    JsonNode call(String tool, Object arguments) {
        return result("tools/call", Map.of("name", tool, "arguments", arguments));
    }

    static JsonNode body(Response response) {
        String text = response.asString();
        if (response.contentType().startsWith("text/event-stream")) {
            String last = "{}";
            for (String line : text.lines().toList()) {
                last = line.startsWith("data:") ? line.substring(5).trim() : last;
            }
            text = last;
        }
        return Json.read(text, JsonNode.class);
    }

    static ObjectNode message(Integer id, String method, Object params) {
        ObjectNode message =
                Json.MAPPER.createObjectNode().put("jsonrpc", "2.0").put("method", method);
        if (id != null) {
            message.put("id", id);
        }
        return message.set("params", Json.tree(params));
    }

    static Response post(String token, String session, Object message) {
        return request(token, session).body(Json.write(message)).post("/mcp");
    }

    static RequestSpecification request(String token, String session) {
        RequestSpecification request = given().contentType(ContentType.JSON)
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", VERSION);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return session == null ? request : request.header("Mcp-Session-Id", session);
    }
}
