package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.capitania.contract.Json;

/**
 * A provider with Anthropic's Messages API that does not think: when each request came, and when it was answered, by this process' clock of
 * nanoseconds. The word in what came in says how the conversation goes.
 */
final class ModelStub implements AutoCloseable {
    static final String KEY = "sk-ant-of-the-benchmark";
    /** Turns of a conversation that goes on by itself. */
    static final int TURNS = 20;
    /** Turns with a tool of one among many. */
    static final int SIDE_TURNS = 5;
    /** What one among many thinks each time, so that they are at work together. */
    private static final long THOUGHT = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);
    private static final Pattern WORD = Pattern.compile("bench-([a-z]+)-\\d+");

    /**
     * One request.
     *
     * @param turn 0 for the first of a conversation
     * @param last whether it asked what the session leaves behind
     */
    record Call(int turn, boolean last, long arrived, long answered) {}

    private final HttpServer server;
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    ModelStub() {
        // Or each answer waits for an acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> send(exchange, Map.of("data", List.of())));
        server.createContext("/v1/messages", this::messages);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Call> of(String word) {
        return calls.getOrDefault(word, List.of());
    }

    /** The first request about a word; waits for it. */
    Call first(String word) {
        await(word + " was asked about", () -> !of(word).isEmpty());
        return of(word).getFirst();
    }

    /** Waits until the session about a word has been put away as far as a model is needed for it. */
    void awaitLast(String word) {
        await(word + " came to its end", () -> of(word).stream().anyMatch(Call::last));
    }

    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the work is wrong: it never was that " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void messages(HttpExchange exchange) throws IOException {
        long arrived = System.nanoTime();
        String text = new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        JsonNode messages = Json.read(text, JsonNode.class).path("messages");
        int turn = 0;
        for (JsonNode message : messages) {
            turn += message.path("role").asText().equals("assistant") ? 1 : 0;
        }
        boolean last = messages.path(messages.size() - 1).toString().contains("This session is over.");
        // What it leaves behind of earlier ones stands before what came in now.
        MatchResult word =
                WORD.matcher(messages.toString()).results().reduce((a, b) -> b).orElse(null);
        String kind = word == null ? "" : word.group(1);
        if (kind.equals("side") && !last) {
            LockSupport.parkNanos(THOUGHT);
        }
        Object answer = last ? say(SNAPSHOT) : reply(kind, word == null ? "" : word.group(), turn);
        if (word != null) {
            calls.computeIfAbsent(word.group(), w -> new CopyOnWriteArrayList<>())
                    .add(new Call(turn, last, arrived, System.nanoTime()));
        }
        send(exchange, answer);
    }

    private static final String SNAPSHOT =
            "{\"summary\":\"Looked at.\",\"memo\":\"\",\"memories\":[],\"none\":\"nothing was learnt\"}";

    private Map<String, Object> reply(String kind, String word, int turn) {
        if (kind.equals("turns") && turn < TURNS) {
            // It never leaves the loop.
            return use("no_such_tool", Map.of("turn", turn));
        }
        if (kind.equals("side") && turn < SIDE_TURNS) {
            return use("hq_search", Map.of("query", word + " " + turn));
        }
        return say("It is so.\n<task-complete reason=\"answered\"/>");
    }

    private Map<String, Object> say(String text) {
        return message("end_turn", Map.of("type", "text", "text", text));
    }

    private Map<String, Object> use(String tool, Map<String, ?> input) {
        return message(
                "tool_use",
                Map.of("type", "tool_use", "id", "toolu_" + ids.incrementAndGet(), "name", tool, "input", input));
    }

    private Map<String, Object> message(String stop, Map<String, ?> block) {
        return Map.of(
                "id",
                "msg_" + ids.incrementAndGet(),
                "type",
                "message",
                "role",
                "assistant",
                "model",
                "claude-sonnet-4-6",
                "content",
                List.of(block),
                "stop_reason",
                stop,
                "usage",
                Map.of("input_tokens", 100, "output_tokens", 10));
    }

    private static void send(HttpExchange exchange, Object body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
