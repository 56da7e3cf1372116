package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the Model Context Protocol over streamable HTTP. Of an answer no more than {@value #LARGEST} bytes are taken, and none is
 * waited for longer than the server's time, however slowly it comes.
 */
final class OutsideLine implements AutoCloseable {
    private static final int LARGEST = 2 * 1024 * 1024;
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final String SESSION = "Mcp-Session-Id";

    private final OutsideConfig.Server server;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable String session;
    private @Nullable String version;
    private long requests;

    /** An answer has more bytes than are taken. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge() {
            super("more than " + LARGEST + " bytes");
        }
    }

    OutsideLine(OutsideConfig.Server server) {
        this.server = server;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(server.timeout())
                .executor(threads)
                .build();
    }

    /** From now on its requests say which version of the protocol they speak. */
    void speaks(String agreed) {
        version = agreed;
    }

    /** Asks; the answer has {@code result} or {@code error}. */
    JsonNode ask(String method, JsonNode params) throws IOException, TimeoutException {
        long id = ++requests;
        ObjectNode message = message(method).put("id", id);
        message.set("params", params);
        return within(server.timeout(), () -> post(message, id));
    }

    /** Tells; nothing is answered. */
    void tell(String method) throws IOException, TimeoutException {
        ObjectNode message = message(method);
        within(server.timeout(), () -> post(message, null));
    }

    private static ObjectNode message(String method) {
        return Json.MAPPER.createObjectNode().put("jsonrpc", "2.0").put("method", method);
    }

    /** What may block while the server says nothing. */
    private interface Exchange {
        JsonNode run() throws IOException, InterruptedException;
    }

    private JsonNode within(Duration limit, Exchange exchange) throws IOException, TimeoutException {
        Future<JsonNode> answer = threads.submit(exchange::run);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            // Which also ends the wait for the rest of an answer.
            answer.cancel(true);
        }
    }

    private JsonNode post(ObjectNode message, @Nullable Long id) throws IOException, InterruptedException {
        HttpRequest request = request()
                .header("content-type", "application/json")
                .header("accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofByteArray(Json.bytes(message)))
                .build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = new Bounded(response.body())) {
            if (response.statusCode() / 100 != 2) {
                throw new IOException("status " + response.statusCode());
            }
            response.headers().firstValue(SESSION).ifPresent(given -> session = given);
            if (id == null) {
                return Json.MAPPER.nullNode();
            }
            String type = response.headers().firstValue("content-type").orElse("");
            JsonNode answer = type.startsWith("text/event-stream") ? event(body, id) : Json.MAPPER.readTree(body);
            if (!answers(answer, id)) {
                throw new IOException("something else was answered");
            }
            return answer;
        }
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url());
        server.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        if (session != null) {
            request.header(SESSION, session);
        }
        if (version != null) {
            request.header("MCP-Protocol-Version", version);
        }
        return request;
    }

    /** The event that answers; what the server says or asks beside is passed over. */
    private static JsonNode event(InputStream body, long id) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).strip()).append('\n');
            } else if (line.isEmpty() && !data.isEmpty()) {
                JsonNode event = Json.MAPPER.readTree(data.toString());
                if (answers(event, id)) {
                    return event;
                }
                data.setLength(0);
            }
        }
        throw new IOException("the stream ended without an answer");
    }

    private static boolean answers(JsonNode message, long id) {
        return message.path("id").isNumber()
                && message.path("id").asLong() == id
                && (message.has("result") || message.has("error"));
    }

    /** Lets the server forget the session, if it gave one. */
    @Override
    public void close() {
        try {
            if (session != null) {
                HttpRequest end = request().DELETE().build();
                within(FAREWELL, () -> {
                    http.send(end, BodyHandlers.ofInputStream()).body().close();
                    return Json.MAPPER.nullNode();
                });
            }
        } catch (IOException | TimeoutException e) {
            // It forgets it by itself in time.
        } finally {
            http.shutdownNow();
            threads.shutdownNow();
        }
    }

    /** A stream that ends in {@link TooLarge} where it becomes too long. */
    private static final class Bounded extends FilterInputStream {
        private int left = LARGEST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            take(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            take(read);
            return read;
        }

        private void take(int bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new TooLarge();
            }
        }
    }
}
