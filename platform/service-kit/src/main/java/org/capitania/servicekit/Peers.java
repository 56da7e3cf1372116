package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Config config;
    private final TokenIssuer tokens;
    private final Map<Service, URI> urls = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    Peers(Config config, TokenIssuer tokens) {
        this.config = config;
        this.tokens = tokens;
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
        HttpRequest.Builder request = request("GET", peer, path, scope, null, PeerOptions.DEFAULT);
        header(request, "If-None-Match", known);
        HttpResponse<byte[]> response = send(peer, path, request.build());
        return response.statusCode() == NOT_MODIFIED
                ? Optional.empty()
                : Optional.of(new Tagged<>(
                        read(peer, path, response, type),
                        response.headers().firstValue("etag").orElse(null)));
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
        HttpRequest request = request(method, peer, path, scope, body, options).build();
        return read(peer, path, send(peer, path, request), type);
    }

    private HttpRequest.Builder request(
            String method, Service peer, String path, Scope scope, @Nullable Object body, PeerOptions options) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(peer).resolve(path))
                .timeout(options.timeout())
                .header("Authorization", "Bearer " + token(peer, scope, options))
                .header("X-HQ-Tenant", scope.tenant())
                .header("Accept", "application/json");
        String reason = scope.reason();
        header(request, "X-HQ-Reason", reason == null ? null : HeaderText.encode(reason));
        header(request, "X-HQ-Causation-Id", scope.causationId());
        header(request, "X-HQ-Correlation-Id", scope.correlationId());
        header(request, "traceparent", scope.traceparent());
        header(request, "Idempotency-Key", options.idempotencyKey());
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
        }
        return request;
    }

    private HttpResponse<byte[]> send(Service peer, String path, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost(peer, path, request, e);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, peer.wireName() + " cannot be reached for " + path + ": " + e, e);
        } catch (IOException e) {
            throw lost(peer, path, request, e);
        }
    }

    @SuppressWarnings("NullAway") // null is the only value of Void, and callers that ask for it ignore it
    private static <T> T read(Service peer, String path, HttpResponse<byte[]> response, Class<T> type) {
        int status = response.statusCode();
        if (status >= 400) {
            String contentType = response.headers().firstValue("content-type").orElse("");
            if (contentType.startsWith("application/problem+json")) {
                throw Json.read(response.body(), Problem.class).toException();
            }
            throw new CapitaniaException(
                    status >= 500 ? lost(response.request()) : ErrorCode.INTERNAL,
                    peer.wireName() + " answered " + status + " to " + path);
        }
        if (type == Void.class || response.body().length == 0) {
            return type.cast(null);
        }
        return Json.read(response.body(), type);
    }

    private static CapitaniaException lost(Service peer, String path, HttpRequest request, Exception cause) {
        return new CapitaniaException(
                lost(request), peer.wireName() + " does not answer at " + path + ": " + cause, cause);
    }

    private static ErrorCode lost(HttpRequest request) {
        return request.method().equals("GET") ? ErrorCode.PEER_UNAVAILABLE : ErrorCode.ANSWER_LOST;
    }

    private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            // A header is one line of visible text.
            request.header(name, value.replaceAll("[^\\x20-\\x7E]", " "));
        }
    }
}
