package org.capitania.servicekit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.HeaderText;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.Service;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The one way to call another service: a signed request, JSON both ways, its problem as a {@link CapitaniaException}. A peer that does
 * not answer is {@code PEER_UNAVAILABLE}; one that was reached with a change and then did not answer, {@code ANSWER_LOST}. Blocking.
 */
@ApplicationScoped
public class Peers {
    private static final int NOT_MODIFIED = 304;
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** To one peer; a question to an agent keeps its own for minutes. */
    private static final int MOST_CONNECTIONS = 500;

    private static final Duration KEPT = Duration.ofSeconds(30);

    private final Config config;
    private final TokenIssuer tokens;
    private final Map<Service, URI> urls = new ConcurrentHashMap<>();
    private final HttpClient http;

    Peers(Config config, TokenIssuer tokens, Vertx vertx) {
        this.config = config;
        this.tokens = tokens;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) CONNECT.toMillis())
                .setMaxPoolSize(MOST_CONNECTIONS)
                .setKeepAliveTimeout((int) KEPT.toSeconds())
                .setTracingPolicy(TracingPolicy.IGNORE));
    }

    /** What a peer said. */
    private record Answer(int status, MultiMap headers, Buffer body) {}

    /** What it is asked. */
    private record Question(
            String method,
            Service peer,
            String path,
            RequestOptions request,
            @Nullable Buffer body,
            Duration timeout) {
        /** What has become of it when no answer came. */
        ErrorCode lost() {
            return reads() ? ErrorCode.PEER_UNAVAILABLE : ErrorCode.ANSWER_LOST;
        }

        boolean reads() {
            return method.equals("GET");
        }
    }

    public <T> T get(Service peer, String path, Scope scope, Class<T> type) {
        return call("GET", peer, path, scope, null, type, PeerOptions.DEFAULT);
    }

    public <T> T get(Service peer, String path, Scope scope, Class<T> type, PeerOptions options) {
        return call("GET", peer, path, scope, null, type, options);
    }

    /**
     * An answer with the entity tag under which it can be asked for again.
     *
     * @param tag null where there was none
     */
    public record Tagged<T>(T value, @Nullable String tag) {}

    /** Empty when it is still what it was under {@code known}. */
    public <T> Optional<Tagged<T>> getChanged(
            Service peer, String path, Scope scope, @Nullable String known, Class<T> type) {
        Question question = question("GET", peer, path, scope, null, PeerOptions.DEFAULT);
        header(question.request(), "If-None-Match", known);
        Answer answer = send(question);
        return answer.status() == NOT_MODIFIED
                ? Optional.empty()
                : Optional.of(new Tagged<>(
                        read(question, answer, type), answer.headers().get("etag")));
    }

    public <T> T post(Service peer, String path, Scope scope, @Nullable Object body, Class<T> type) {
        return call("POST", peer, path, scope, body, type, PeerOptions.DEFAULT);
    }

    public <T> T post(
            Service peer, String path, Scope scope, @Nullable Object body, Class<T> type, PeerOptions options) {
        return call("POST", peer, path, scope, body, type, options);
    }

    public <T> T put(
            Service peer, String path, Scope scope, @Nullable Object body, Class<T> type, PeerOptions options) {
        return call("PUT", peer, path, scope, body, type, options);
    }

    public <T> T delete(Service peer, String path, Scope scope, Class<T> type) {
        return call("DELETE", peer, path, scope, null, type, PeerOptions.DEFAULT);
    }

    /** The base address of a peer. */
    public URI url(Service peer) {
        // A look into all sources of the configuration, which do not change while the process runs.
        return urls.computeIfAbsent(
                peer,
                p -> URI.create(config.getOptionalValue("hq.peers." + p.wireName() + ".url", String.class)
                        .orElse("http://127.0.0.1:" + p.defaultPort())));
    }

    /** A bearer token for a peer, for the few requests that are not made through this class (streams). */
    public String token(Service peer, Scope scope, PeerOptions options) {
        String principal = options.signAs() == null ? tokens.defaultPrincipal() : options.signAs();
        return tokens.token(principal, peer.wireName(), scope.tenant(), options.onBehalfOf());
    }

    private <T> T call(
            String method,
            Service peer,
            String path,
            Scope scope,
            @Nullable Object body,
            Class<T> type,
            PeerOptions options) {
        Question question = question(method, peer, path, scope, body, options);
        return read(question, send(question), type);
    }

    /** A connection that its peer closed while it was not used takes a question to nobody: what only reads is asked once more. */
    private Answer send(Question question) {
        try {
            return ask(question);
        } catch (CapitaniaException e) {
            boolean closed = e.getCause() instanceof Unanswered why && why.getCause() instanceof HttpClosedException;
            if (closed && question.reads()) {
                return ask(question);
            }
            throw e;
        }
    }

    private Question question(
            String method, Service peer, String path, Scope scope, @Nullable Object body, PeerOptions options) {
        URI url = url(peer);
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setAbsoluteURI(url.resolve(path).toString())
                .putHeader("Authorization", "Bearer " + token(peer, scope, options))
                .putHeader("X-HQ-Tenant", scope.tenant())
                .putHeader("Accept", "application/json");
        String reason = scope.reason();
        header(request, "X-HQ-Reason", reason == null ? null : HeaderText.encode(reason));
        header(request, "X-HQ-Causation-Id", scope.causationId());
        header(request, "X-HQ-Correlation-Id", scope.correlationId());
        header(request, "traceparent", scope.traceparent());
        header(request, "Idempotency-Key", options.idempotencyKey());
        if (body == null) {
            return new Question(method, peer, path, request, null, options.timeout());
        }
        request.putHeader("Content-Type", "application/json");
        return new Question(method, peer, path, request, Buffer.buffer(Json.bytes(body)), options.timeout());
    }

    private Answer ask(Question question) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a peer must not be awaited on an event loop");
        }
        long end = System.nanoTime() + question.timeout().toNanos();
        HttpClientRequest request;
        try {
            request = await(
                    http.request(question.request()),
                    Math.min(question.timeout().toNanos(), 2 * CONNECT.toNanos()));
        } catch (Unanswered e) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE,
                    question.peer().wireName() + " cannot be reached for " + question.path() + ": " + e.getMessage(),
                    e);
        }
        Future<Answer> answer = (question.body() == null ? request.send() : request.send(question.body()))
                .compose(response ->
                        response.body().map(body -> new Answer(response.statusCode(), response.headers(), body)));
        try {
            return await(answer, end - System.nanoTime());
        } catch (Unanswered e) {
            request.reset();
            throw new CapitaniaException(
                    question.lost(),
                    question.peer().wireName() + " does not answer at " + question.path() + ": " + e.getMessage(),
                    e);
        }
    }

    /** No answer, and why. */
    private static final class Unanswered extends Exception {
        Unanswered(String why, Throwable cause) {
            super(why, cause);
        }
    }

    private static <T> T await(Future<T> future, long nanos) throws Unanswered {
        try {
            return future.toCompletionStage().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered("interrupted", e);
        } catch (TimeoutException e) {
            throw new Unanswered("no answer in time", e);
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new Unanswered(why.toString(), why);
        }
    }

    @SuppressWarnings("NullAway") // null is the only value of Void, and callers that ask for it ignore it
    private static <T> T read(Question question, Answer answer, Class<T> type) {
        int status = answer.status();
        if (status >= 400) {
            String contentType = answer.headers().get("content-type");
            if (contentType != null && contentType.startsWith("application/problem+json")) {
                throw Json.read(answer.body().getBytes(), Problem.class).toException();
            }
            throw new CapitaniaException(
                    status >= 500 ? question.lost() : ErrorCode.INTERNAL,
                    question.peer().wireName() + " answered " + status + " to " + question.path());
        }
        if (type == Void.class || answer.body().length() == 0) {
            return type.cast(null);
        }
        return Json.read(answer.body().getBytes(), type);
    }

    private static void header(RequestOptions request, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            // A header is one line of visible text.
            request.putHeader(name, value.replaceAll("[^\\x20-\\x7E]", " "));
        }
    }
}
