package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Trees;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.KeyFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A home whose services are one HTTP server with canned answers; it keeps what was asked. Registered as an extension it is there for one
 * test, in a directory of its own.
 */
public final class CannedFleet implements AutoCloseable, BeforeEachCallback, AfterEachCallback {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private HttpServer server;
    private Home home;
    private Path root;
    private String in = "";
    private final Map<String, Function<Asked, Answer>> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    public record Answer(int status, String body, @Nullable String tag) {
        public Answer(int status, String body) {
            this(status, body, null);
        }
    }

    public record Asked(String method, String path, Map<String, String> headers, String body) {
        public JsonNode json() {
            return Json.read(body, JsonNode.class);
        }
    }

    /** What a command printed and how it ended. */
    public record Result(int exitCode, String out, String err) {
        public JsonNode json() {
            return Json.read(out, JsonNode.class);
        }
    }

    public static CannedFleet in(Path directory) throws IOException {
        CannedFleet fleet = new CannedFleet();
        fleet.open(directory);
        return fleet;
    }

    private void open(Path directory) throws IOException {
        root = directory;
        home = new Home(directory.resolve("home"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        // One that is slow to answer keeps no other waiting.
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        KeyFiles.ensureFleet(new KeyFiles.Layout(home.keys(), home.ownerKey(), home.publicKeys()), List.of("main"));
        home.create();
        Map<String, Integer> ports = new HashMap<>();
        Endpoint.all().forEach(endpoint -> ports.put(endpoint.name(), 1));
        for (Service service : Service.values()) {
            ports.put(Endpoint.of(service).name(), server.getAddress().getPort());
        }
        new FleetRecord("main", "rehearsal", ports).write(home);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        open(Files.createTempDirectory("hq-canned"));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
        Trees.delete(root);
    }

    /** Where commands run. */
    public Path directory() {
        return root;
    }

    public Home home() {
        return home;
    }

    /** Answers every request whose path and query begin so; the longest beginning wins. */
    public CannedFleet answer(String path, int status, String body) {
        Answer answer = new Answer(status, body);
        return answer(path, any -> answer);
    }

    public CannedFleet answer(String path, Function<Asked, Answer> how) {
        answers.put(path, how);
        return this;
    }

    public CannedFleet answer(String path, String body) {
        return answer(path, 200, body);
    }

    public List<Asked> asked() {
        return asked;
    }

    public Asked last() {
        return asked.getLast();
    }

    public Result hq(String... arguments) {
        return hq(Map.of(), arguments);
    }

    public Result hq(Map<String, String> variables, String... arguments) {
        return run(Environment.Terminal.NONE, variables, arguments);
    }

    /** With something on its standard input. */
    public Result fed(String input, Map<String, String> variables, String... arguments) {
        in = input;
        return hq(variables, arguments);
    }

    /** As a person runs it, who sees colours. */
    public Result atTerminal(Map<String, String> variables, String... arguments) {
        return run(new Environment.Terminal(true, true, 120), variables, arguments);
    }

    private Result run(Environment.Terminal terminal, Map<String, String> variables, String... arguments) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("HQ_HOME", home.directory().toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(
                root,
                root,
                Map.copyOf(all),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
        int exitCode = Main.run(environment, arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Asked request = new Asked(exchange.getRequestMethod(), path, headers, body);
        asked.add(request);
        Answer answer = answers.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
                .map(entry -> entry.getValue().apply(request))
                .orElse(new Answer(
                        404, "{\"code\":\"not_found\",\"detail\":\"nothing at " + path + "\",\"status\":404}"));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.tag() != null) {
            exchange.getResponseHeaders().add("ETag", answer.tag());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
