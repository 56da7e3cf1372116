package org.capitania.servicekit;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
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
    private final FleetHttp http = new FleetHttp();

    Peers(Config config, TokenIssuer tokens) {
        this.config = config;
        this.tokens = tokens;
    }

    @PreDestroy
    void close() {
        http.close();
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
        HttpUriRequestBase request = request("GET", peer, path, scope, null, PeerOptions.DEFAULT);
        header(request, "If-None-Match", known);
        FleetHttp.Answer answer = send(peer, path, request, PeerOptions.DEFAULT);
        return answer.status() == NOT_MODIFIED
                ? Optional.empty()
                : Optional.of(new Tagged<>(read(peer, path, request, answer, type), answer.tag()));
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
        HttpUriRequestBase request = request(method, peer, path, scope, body, options);
        return read(peer, path, request, send(peer, path, request, options), type);
    }

    private HttpUriRequestBase request(
            String method, Service peer, String path, Scope scope, @Nullable Object body, PeerOptions options) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, url(peer).resolve(path));
        header(request, "Authorization", "Bearer " + token(peer, scope, options));
        header(request, "X-HQ-Tenant", scope.tenant());
        header(request, "Accept", "application/json");
        String reason = scope.reason();
        header(request, "X-HQ-Reason", reason == null ? null : HeaderText.encode(reason));
        header(request, "X-HQ-Causation-Id", scope.causationId());
        header(request, "X-HQ-Correlation-Id", scope.correlationId());
        header(request, "traceparent", scope.traceparent());
        header(request, "Idempotency-Key", options.idempotencyKey());
        if (body != null) {
            request.setEntity(new ByteArrayEntity(Json.bytes(body), ContentType.APPLICATION_JSON));
        }
        return request;
    }

    private FleetHttp.Answer send(Service peer, String path, HttpUriRequestBase request, PeerOptions options) {
        try {
            return http.send(request, options.timeout());
        } catch (FleetHttp.Unreached e) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE,
                    peer.wireName() + " cannot be reached for " + path + ": " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new CapitaniaException(lost(request), peer.wireName() + " does not answer at " + path + ": " + e, e);
        }
    }

    @SuppressWarnings("NullAway") // null is the only value of Void, and callers that ask for it ignore it
    private static <T> T read(
            Service peer, String path, HttpUriRequestBase request, FleetHttp.Answer answer, Class<T> type) {
        if (answer.status() >= 400) {
            if (answer.type().startsWith("application/problem+json")) {
                throw Json.read(answer.body(), Problem.class).toException();
            }
            throw new CapitaniaException(
                    answer.status() >= 500 ? lost(request) : ErrorCode.INTERNAL,
                    peer.wireName() + " answered " + answer.status() + " to " + path);
        }
        if (type == Void.class || answer.body().length == 0) {
            return type.cast(null);
        }
        return Json.read(answer.body(), type);
    }

    private static ErrorCode lost(HttpUriRequestBase request) {
        return FleetHttp.reads(request) ? ErrorCode.PEER_UNAVAILABLE : ErrorCode.ANSWER_LOST;
    }

    private static void header(HttpUriRequestBase request, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            // A header is one line of visible text.
            request.setHeader(name, value.replaceAll("[^\\x20-\\x7E]", " "));
        }
    }
}
