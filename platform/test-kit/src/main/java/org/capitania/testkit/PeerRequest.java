package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * One request that a {@link FakePeer} was sent.
 *
 * @param query the raw query, empty when there was none
 * @param headers the first value of each, by lower-case name
 */
public record PeerRequest(String method, String path, String query, Map<String, String> headers, byte[] body) {

    static PeerRequest of(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        String query = exchange.getRequestURI().getRawQuery();
        return new PeerRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                Map.copyOf(headers),
                exchange.getRequestBody().readAllBytes());
    }

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public JsonNode json() {
        return Json.read(body, JsonNode.class);
    }

    public <T> T json(Class<T> type) {
        return Json.read(body, type);
    }

    /** The claims of its bearer token, unverified; an empty object without one. */
    public JsonNode claims() {
        String authorization = header("authorization");
        String[] parts = authorization == null
                ? new String[0]
                : authorization.replaceFirst("^Bearer ", "").split("\\.");
        return parts.length == 3
                ? Json.read(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8), JsonNode.class)
                : Json.MAPPER.createObjectNode();
    }
}
