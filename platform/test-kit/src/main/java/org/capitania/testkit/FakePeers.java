package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.embedded.Ports;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a service under test, played by the test over real HTTP on one port. {@link FleetInfra} points the service there when it
 * is given {@code peers=fake}; a peer nobody listens for is a peer that is down. The route added last wins; what matches none is 404.
 */
public final class FakePeers implements AutoCloseable {
    /**
     * What the service asked.
     *
     * @param audience the peer it meant
     * @param subject who signed
     * @param onBehalfOf for whom, if not for itself
     * @param groups what the groups of the route's pattern caught
     */
    public record Request(
            String method,
            String path,
            String query,
            @Nullable JsonNode body,
            String tenant,
            String audience,
            String subject,
            @Nullable String onBehalfOf,
            @Nullable String idempotencyKey,
            List<String> groups) {}

    private record Route(String method, Pattern path, Function<Request, Object> answer) {}

    private final List<Route> routes = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private FakePeers(HttpServer server) {
        this.server = server;
    }

    /** The port that services under test are pointed to. */
    static int port() {
        return SharedState.once("fake-peers-port", Integer.class, Ports::free);
    }

    /** Begins to answer; close it to play an outage. */
    public static FakePeers listen() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 0);
            FakePeers peers = new FakePeers(server);
            server.createContext("/", peers::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return peers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers requests whose path matches with what the function returns as JSON, or with the problem it throws. */
    public FakePeers on(String method, String pathPattern, Function<Request, Object> answer) {
        routes.addFirst(new Route(method, Pattern.compile(pathPattern), answer));
        return this;
    }

    /** What was asked so far, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** What was asked at paths that match. */
    public List<Request> requests(String method, String pathPattern) {
        return requests.stream()
                .filter(r -> r.method().equals(method) && r.path().matches(pathPattern))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            for (Route route : routes) {
                Matcher matcher = route.path().matcher(path);
                if (route.method().equals(exchange.getRequestMethod()) && matcher.matches()) {
                    Request request = read(exchange, path, groups(matcher));
                    requests.add(request);
                    reply(exchange, route, request);
                    return;
                }
            }
            problem(exchange, new CapitaniaException(ErrorCode.NOT_FOUND, "no fake answers at " + path));
        }
    }

    private static void reply(HttpExchange exchange, Route route, Request request) throws IOException {
        Object answer;
        try {
            answer = route.answer().apply(request);
        } catch (CapitaniaException e) {
            problem(exchange, e);
            return;
        }
        send(exchange, 200, "application/json", answer);
    }

    private static void problem(HttpExchange exchange, CapitaniaException e) throws IOException {
        send(exchange, e.code().httpStatus(), "application/problem+json", Problem.of(e, null));
    }

    private static void send(HttpExchange exchange, int status, String type, Object body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Request read(HttpExchange exchange, String path, List<String> groups) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        JsonNode claims = claims(exchange);
        return new Request(
                exchange.getRequestMethod(),
                path,
                Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""),
                body.length == 0 ? null : Json.MAPPER.readTree(body),
                claims.path("tenant").asText(),
                claims.path("aud").asText(),
                claims.path("sub").asText(),
                claims.hasNonNull("obo") ? claims.path("obo").asText() : null,
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                groups);
    }

    /** What the token says; nobody checks its signature here. */
    private static JsonNode claims(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || header.split("\\.").length != 3) {
            return Json.MAPPER.createObjectNode();
        }
        byte[] payload = Base64.getUrlDecoder().decode(header.split("\\.")[1].getBytes(StandardCharsets.US_ASCII));
        return Json.MAPPER.readTree(payload);
    }

    private static List<String> groups(Matcher matcher) {
        return java.util.stream.IntStream.rangeClosed(1, matcher.groupCount())
                .mapToObj(matcher::group)
                .toList();
    }
}
