package org.capitania.servicekit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.logging.Log;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.jspecify.annotations.Nullable;

/** Lets nothing in without a valid token but health, metrics on the loopback, and the paths a service opens by configuration. */
@ApplicationScoped
class TokenGate {
    static final int BEFORE_EVERYTHING = 1000;

    private final Tokens tokens;
    private final List<String> openPaths;

    TokenGate(Tokens tokens, IdentityConfig config) {
        this.tokens = tokens;
        this.openPaths = config.openPaths().orElse(List.of());
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_EVERYTHING);
    }

    private void check(RoutingContext request) {
        try {
            String header = request.request().getHeader(HttpHeaderNames.AUTHORIZATION.toString());
            if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
                Caller caller = tokens.verify(header.substring(7).trim());
                requireSameTenant(request.request(), caller);
                request.put(CallContext.CALLER, caller);
            } else if (!open(request)) {
                throw new CapitaniaException(ErrorCode.UNAUTHENTICATED, "this request needs a bearer token");
            }
            request.next();
        } catch (CapitaniaException e) {
            refuse(request, e);
        } catch (RuntimeException e) {
            Log.error("a token could not be checked", e);
            refuse(request, new CapitaniaException(ErrorCode.INTERNAL, "the token could not be checked"));
        }
    }

    private boolean open(RoutingContext request) {
        String path = request.normalizedPath();
        if (path.equals("/q/health") || path.startsWith("/q/health/")) {
            return true;
        }
        if (path.equals("/q/metrics")) {
            return loopback(request.request().remoteAddress());
        }
        return openPaths.stream()
                .anyMatch(open ->
                        open.endsWith("*") ? path.startsWith(open.substring(0, open.length() - 1)) : path.equals(open));
    }

    private static boolean loopback(@Nullable SocketAddress address) {
        String host = address == null ? null : address.hostAddress();
        return host != null && (host.startsWith("127.") || host.equals("0:0:0:0:0:0:0:1") || host.equals("::1"));
    }

    private static void requireSameTenant(HttpServerRequest request, Caller caller) {
        String tenant = request.getHeader("X-HQ-Tenant");
        if (tenant != null && !tenant.equals(caller.tenant())) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, "the X-HQ-Tenant header says " + tenant + ", the token says " + caller.tenant());
        }
    }

    private static void refuse(RoutingContext request, CapitaniaException e) {
        var response = request.response()
                .setStatusCode(e.code().httpStatus())
                .putHeader("content-type", "application/problem+json");
        if (e.code() == ErrorCode.UNAUTHENTICATED) {
            response.putHeader("www-authenticate", "Bearer");
        }
        response.end(
                Json.write(Problem.of(e, TraceContext.traceId(request.request().getHeader("traceparent")))));
    }
}
