package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.HeaderText;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.Service;
import org.capitania.embedded.Ports;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a service under test, played by the test over real HTTP on one port, where {@link FleetInfra} points the service. A peer
 * nobody listens for is a peer that is down. The route added last wins; what matches none is 404 with a problem that says so.
 */
public final class FakePeers implements AutoCloseable {
    /**
     * What the service asked.
     *
     * @param audience the peer it meant
     * @param subject who signed
     * @param onBehalfOf for whom, if not for itself
     * @param reason why, as a person would read it
     * @param lastEventId what a reader of events has seen
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
            @Nullable String reason,
            @Nullable String lastEventId,
            List<String> groups) {
        private Request with(List<String> caught) {
            return new Request(
                    method,
                    path,
                    query,
                    body,
                    tenant,
                    audience,
                    subject,
                    onBehalfOf,
                    idempotencyKey,
                    reason,
                    lastEventId,
                    caught);
        }
    }

    private record Route(Optional<Service> peer, String method, Pattern path, Function<Request, Object> answer) {}

    /** An answer with a status of its own; a route's function may return one instead of the JSON of a 200. */
    public record Answer(int status, Object json) {}

    /** Server-sent events, as they are; a route's function may return some, after which the line ends. */
    public record ServerSentEvents(String text) {}

    /** What a route's function returns to break the line without an answer. */
    public static final Object SILENCE = new Object();

    /** Hears of each request twice: before its route makes the answer, and after that, before the answer is sent. */
    public interface Watcher {
        void heard(Request request, boolean answered);
    }

    private volatile Watcher watcher = (request, answered) -> {};
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
        routes.addFirst(new Route(Optional.empty(), method, Pattern.compile(pathPattern), answer));
        return this;
    }

    /** The same for one peer only, where several answer at the same path; a request's audience says whom it meant. */
    public FakePeers on(Service peer, String method, String pathPattern, Function<Request, Object> answer) {
        routes.addFirst(new Route(Optional.of(peer), method, Pattern.compile(pathPattern), answer));
        return this;
    }

    /** Lets a test do something at the very moment a peer is asked, such as ending who asks. */
    public void watch(Watcher other) {
        watcher = other;
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

    /** Waits for the first request at paths that match, at most 20 seconds. */
    public Request awaitRequest(String method, String pathPattern) {
        return Awaitility.await(method + " " + pathPattern)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> requests(method, pathPattern), found -> !found.isEmpty())
                .getFirst();
    }

    /** Forgets routes and requests. */
    public void reset() {
        routes.clear();
        requests.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Request request = read(exchange, path);
            for (Route route : routes) {
                Matcher matcher = route.path().matcher(path);
                boolean meant = route.peer()
                        .map(peer -> peer.wireName().equals(request.audience()))
                        .orElse(true);
                if (meant && route.method().equals(request.method()) && matcher.matches()) {
                    Request matched = request.with(groups(matcher));
                    requests.add(matched);
                    reply(exchange, route, matched);
                    return;
                }
            }
            requests.add(request);
            problem(
                    exchange,
                    new CapitaniaException(
                            ErrorCode.NOT_FOUND,
                            "no fake " + request.audience() + " answers to " + request.method() + " " + path));
        }
    }

    private void reply(HttpExchange exchange, Route route, Request request) throws IOException {
        Object answer;
        try {
            watcher.heard(request, false);
            answer = route.answer().apply(request);
            watcher.heard(request, true);
        } catch (CapitaniaException e) {
            problem(exchange, e);
            return;
        }
        if (answer == SILENCE) {
            return;
        }
        if (answer instanceof Answer(int status, Object json)) {
            send(exchange, status, "application/json", Json.bytes(json));
        } else if (answer instanceof ServerSentEvents(String text)) {
            send(exchange, 200, "text/event-stream", text.getBytes(StandardCharsets.UTF_8));
        } else {
            send(exchange, 200, "application/json", Json.bytes(answer));
        }
    }

    private static void problem(HttpExchange exchange, CapitaniaException e) throws IOException {
        send(exchange, e.code().httpStatus(), "application/problem+json", Json.bytes(Problem.of(e, null)));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Request read(HttpExchange exchange, String path) throws IOException {
        JsonNode claims = claims(exchange);
        return new Request(
                exchange.getRequestMethod(),
                path,
                Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""),
                body(exchange),
                claims.path("tenant").asText(),
                claims.path("aud").asText(),
                claims.path("sub").asText(),
                claims.hasNonNull("obo") ? claims.path("obo").asText() : null,
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-HQ-Reason"))
                        .map(HeaderText::decode)
                        .orElse(null),
                exchange.getRequestHeaders().getFirst("Last-Event-ID"),
                List.of());
    }

    /** JSON as such, anything else as one text. */
    private static @Nullable JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if (bytes.length == 0) {
            return null;
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return type == null || type.contains("json")
                ? Json.MAPPER.readTree(bytes)
                : TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
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
