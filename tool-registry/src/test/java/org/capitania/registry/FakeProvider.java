package org.capitania.registry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.capitania.contract.Json;
import org.capitania.registry.outside.FakeToolServer;
import org.capitania.registry.web.FakeSearch;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * A provider of models that answers whatever the request's model says: {@code status-429}, {@code stream}, {@code cut-off}, or a plain
 * answer, with {@code window-93} one that says how much of a window is used. A stream waits after its first piece, and {@code held}
 * before its answer, until the test gives a permit; {@code stream-stalls} waits in vain, {@code stream-half} ends there,
 * {@code stream-breaks} says that it fails.
 */
public final class FakeProvider implements QuarkusTestResourceLifecycleManager {
    private static final long PATIENCE_SECONDS = 10;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(0);
    private final AtomicBoolean refusesKeys = new AtomicBoolean();
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        // Quarkus loads this class once more for the tests; they speak to it as the gateway does.
        server.createContext("/test/requests", exchange -> control(exchange, () -> Json.write(requests)));
        server.createContext(
                "/test/permit",
                exchange -> control(exchange, () -> {
                    permits.release();
                    return "{}";
                }));
        server.createContext(
                "/test/reset",
                exchange -> control(exchange, () -> {
                    requests.clear();
                    permits.drainPermits();
                    refusesKeys.set(false);
                    return "{}";
                }));
        server.createContext(
                "/test/refuse-keys",
                exchange -> control(exchange, () -> {
                    refusesKeys.set(true);
                    return "{}";
                }));
        FakeToolServer.mount(server);
        FakeSearch.mount(server);
        server.start();
        String port = Integer.toString(server.getAddress().getPort());
        // As if it listened on a port of the web: what keeps pages from being asked here is the address.
        return Map.of("hq.test.provider-port", port, "hq.web.ports", "80,443," + port);
    }

    /** What arrived, in order. */
    public static List<String> requests() {
        return List.of(Json.read(ask("/test/requests"), String[].class));
    }

    /** Lets one stream or held answer go on. */
    public static void permit() {
        assertThat(ask("/test/permit")).isEqualTo("{}");
    }

    /** From now on no key may list the models. */
    public static void refuseKeys() {
        assertThat(ask("/test/refuse-keys")).isEqualTo("{}");
    }

    /** Forgets what arrived and what was permitted. */
    public static void reset() {
        assertThat(ask("/test/reset")).isEqualTo("{}");
    }

    private static String ask(String path) {
        int port = ConfigProvider.getConfig().getValue("hq.test.provider-port", Integer.class);
        return given().get("http://127.0.0.1:" + port + path)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private static void control(HttpExchange exchange, Supplier<String> work) throws IOException {
        try (exchange) {
            send(exchange, 200, "application/json", work.get());
        }
    }

    private void awaitPermit() throws IOException {
        awaitPermit(permits);
    }

    private static void awaitPermit(Semaphore permits) throws IOException {
        try {
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("nobody permitted the rest of the answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestURI() + " key="
                    + exchange.getRequestHeaders().getFirst("x-api-key") + " authorization="
                    + exchange.getRequestHeaders().getFirst("authorization") + " " + body);
            if (exchange.getRequestMethod().equals("GET")) {
                send(exchange, refusesKeys.get() ? 401 : 200, "application/json", "{\"data\":[]}");
            } else if (body.contains("status-429")) {
                exchange.getResponseHeaders().set("retry-after", "7");
                send(
                        exchange,
                        429,
                        "application/json",
                        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}");
            } else if (body.contains("status-401")) {
                send(exchange, 401, "application/json", "{\"error\":{\"message\":\"bad key\"}}");
            } else if (body.contains("status-529")) {
                send(
                        exchange,
                        529,
                        "application/json",
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}");
            } else if (body.contains("stream")) {
                stream(exchange, body);
            } else if (body.contains("cut-off")) {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"content\":[".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            } else {
                if (body.contains("held")) {
                    awaitPermit();
                }
                if (body.contains("window-93")) {
                    long ends = Instant.now().plus(Duration.ofHours(3)).getEpochSecond();
                    exchange.getResponseHeaders().set("anthropic-ratelimit-unified-5h-utilization", "0.93");
                    exchange.getResponseHeaders().set("anthropic-ratelimit-unified-5h-reset", Long.toString(ends));
                }
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"usage\":{\"input_tokens\":1000,\"output_tokens\":2000}}");
            }
        }
    }

    private void stream(HttpExchange exchange, String body) throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        String begin =
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":100,\"output_tokens\":1}}}\n\n";
        if (body.contains("stream-half") || body.contains("stream-breaks")) {
            String rest = body.contains("stream-half")
                    ? ""
                    : "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n";
            exchange.getResponseBody().write((begin + rest).getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (body.contains("stream-stalls")) {
            exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            // Not for a permit, which is another stream's.
            awaitPermit(new Semaphore(0));
        }
        for (String part : List.of(
                begin,
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Hel\"}}\n\n",
                "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":50}}\n\n")) {
            exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            if (part.contains("message_start")) {
                awaitPermit();
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
