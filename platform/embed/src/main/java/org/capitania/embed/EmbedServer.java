package org.capitania.embed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.EmbedTexts;

/** Answers {@code POST /v1/embed} on the loopback. One batch of texts is made at a time; what somebody searches for does not wait for it. */
final class EmbedServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbedServer.class.getName());
    private static final int LARGEST_BODY = 4 << 20;

    private final Models models;
    private final byte[] authorization;
    private final HttpServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore batches = new Semaphore(1, true);
    private final AtomicInteger working = new AtomicInteger();
    private volatile long lastUse = System.nanoTime();

    EmbedServer(Models models, String token) throws IOException {
        this.models = models;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/embed", this::handle);
        server.setExecutor(requests);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** For how long nobody has wanted anything. */
    long idleNanos() {
        return working.get() > 0 ? 0 : System.nanoTime() - lastUse;
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        working.incrementAndGet();
        try (exchange) {
            answer(exchange);
        } finally {
            lastUse = System.nanoTime();
            working.decrementAndGet();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            authorize(exchange);
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
            send(exchange, 200, "application/json", Json.bytes(vectors(Json.read(body, EmbedTexts.class))));
        } catch (CapitaniaException e) {
            Problem problem = Problem.of(e, null);
            send(exchange, problem.status(), "application/problem+json", Json.bytes(problem));
        }
    }

    private void authorize(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (given == null || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            throw new CapitaniaException(ErrorCode.UNAUTHENTICATED, "this takes the token of the announcement");
        }
    }

    private EmbedTexts.Vectors vectors(EmbedTexts texts) {
        boolean turn = !texts.query();
        if (turn) {
            batches.acquireUninterruptibly();
        }
        try {
            List<List<Float>> vectors = models.named(texts.model()).vectors(texts.texts(), texts.query());
            return new EmbedTexts.Vectors(
                    texts.model(), vectors.isEmpty() ? 0 : vectors.getFirst().size(), vectors);
        } catch (CapitaniaException e) {
            throw e;
        } catch (AuthenticationException e) {
            throw failed(ErrorCode.NOT_CONFIGURED, texts, e);
        } catch (InvalidRequestException | ModelNotFoundException e) {
            throw failed(ErrorCode.PROVIDER_REJECTED, texts, e);
        } catch (RuntimeException e) {
            throw failed(ErrorCode.PROVIDER_UNAVAILABLE, texts, e);
        } finally {
            if (turn) {
                batches.release();
            }
        }
    }

    /** What a provider answers may repeat the texts or the key: its kind is told, its words are not. */
    private static CapitaniaException failed(ErrorCode code, EmbedTexts texts, RuntimeException cause) {
        LOG.log(Level.WARNING, "no vectors model={0} why={1}", new Object[] {
            texts.model(), cause.getClass().getName()
        });
        return new CapitaniaException(
                code, texts.model() + " made no vectors: " + cause.getClass().getSimpleName());
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
