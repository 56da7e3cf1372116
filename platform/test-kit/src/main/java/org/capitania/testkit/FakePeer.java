package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;

/**
 * A service as its callers see it: an HTTP server that records what it is asked and answers what the test says. {@link
 * FleetInfra} starts one for each service that is not under test. What no rule answers gets 404 and a problem that says so.
 */
public final class FakePeer implements AutoCloseable {
    private static final Map<Service, FakePeer> RUNNING = new EnumMap<>(Service.class);

    private final Service service;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<PeerRequest> requests = new CopyOnWriteArrayList<>();
    private final int port;
    private @Nullable HttpServer server;

    private record Rule(String method, Pattern path, Function<PeerRequest, Answer> answer) {}

    /** What a peer answers. */
    public record Answer(int status, String contentType, byte[] body) {
        /** 200 with the value as JSON; a string is taken as JSON text. */
        public static Answer json(Object value) {
            return json(200, value);
        }

        public static Answer json(int status, Object value) {
            return new Answer(
                    status,
                    "application/json",
                    value instanceof String text
                            ? text.getBytes(java.nio.charset.StandardCharsets.UTF_8)
                            : Json.bytes(value));
        }

        /** The problem by which a service of the fleet tells of a failure. */
        public static Answer problem(ErrorCode code, String detail) {
            Problem problem = Problem.of(new CapitaniaException(code, detail), null);
            return new Answer(problem.status(), "application/problem+json", Json.bytes(problem));
        }
    }

    private FakePeer(Service service) {
        this.service = service;
        HttpServer started = listen(0);
        this.server = started;
        this.port = started.getAddress().getPort();
    }

    /** A peer of its own, for a test without {@link FleetInfra}. */
    public static FakePeer start(Service service) {
        return new FakePeer(service);
    }

    /** The peer that {@link FleetInfra} started in place of the service. */
    public static FakePeer of(Service service) {
        synchronized (RUNNING) {
            return RUNNING.computeIfAbsent(service, FakePeer::new);
        }
    }

    static void closeAll() {
        synchronized (RUNNING) {
            RUNNING.values().forEach(FakePeer::close);
            RUNNING.clear();
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /**
     * Answers requests by a function; the rule given last is asked first.
     *
     * @param path a regular expression for the whole path, without the query
     */
    public FakePeer when(String method, String path, Function<PeerRequest, Answer> answer) {
        rules.addFirst(new Rule(method, Pattern.compile(path), answer));
        return this;
    }

    /** Answers with 200 and this JSON. */
    public FakePeer when(String method, String path, Object json) {
        return when(method, path, request -> Answer.json(json));
    }

    /** What it was asked so far, oldest first. */
    public List<PeerRequest> requests() {
        return List.copyOf(requests);
    }

    /** What it was asked at a path, given as a regular expression. */
    public List<PeerRequest> requests(String method, String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().matches(path))
                .toList();
    }

    /** Waits for the first request at a path, at most 20 seconds. */
    public PeerRequest awaitRequest(String method, String path) {
        return Awaitility.await(method + " " + path + " at " + service.wireName())
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> requests(method, path), found -> !found.isEmpty())
                .getFirst();
    }

    /** Forgets rules and requests, and listens again if it was down. */
    public void reset() {
        rules.clear();
        requests.clear();
        comeBack();
    }

    /** Stops listening: its callers' connections are refused. */
    public synchronized void goDown() {
        HttpServer running = server;
        if (running != null) {
            server = null;
            running.stop(0);
        }
    }

    /** Listens again, on the same port. */
    public synchronized void comeBack() {
        if (server == null) {
            server = listen(port);
        }
    }

    @Override
    public void close() {
        goDown();
    }

    private HttpServer listen(int onPort) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", this::handle);
            http.start();
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            PeerRequest request = PeerRequest.of(exchange);
            requests.add(request);
            Answer answer = answer(request);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private Answer answer(PeerRequest request) {
        if (request.path().equals("/q/health/live") || request.path().equals("/q/health/ready")) {
            return Answer.json("{\"status\":\"UP\",\"checks\":[]}");
        }
        for (Rule rule : rules) {
            if (rule.method().equals(request.method())
                    && rule.path().matcher(request.path()).matches()) {
                try {
                    return rule.answer().apply(request);
                } catch (CapitaniaException e) {
                    return Answer.problem(e.code(), e.detail());
                }
            }
        }
        return Answer.problem(
                ErrorCode.NOT_FOUND,
                "the test scripted no answer of " + service.wireName() + " to " + request.method() + " "
                        + request.path());
    }

    /** The JSON of the answers to a list of requests' bodies; for assertions on what was sent. */
    public List<JsonNode> bodies(String method, String path) {
        return requests(method, path).stream().map(PeerRequest::json).toList();
    }
}
