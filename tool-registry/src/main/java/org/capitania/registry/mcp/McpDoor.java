package org.capitania.registry.mcp;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.TraceContext;

/**
 * Who may speak the protocol: an outside client and nobody else. A model is behind it, and a person's rights are none of a model's. It stands behind the check of the token. A page of a browser needs an origin that is
 * listed, letter by letter, so that no other site reaches a server on this machine.
 */
@ApplicationScoped
class McpDoor {
    private static final int BEHIND_THE_TOKEN = 900;
    private static final String ROOT = "/mcp";
    private static final Set<String> VERSIONS = Set.of("2025-03-26", "2025-06-18", "2025-11-25");

    private final List<String> origins;

    McpDoor(McpConfig config) {
        this.origins = config.origins().orElse(List.of());
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEHIND_THE_TOKEN);
    }

    private void check(RoutingContext request) {
        String path = request.normalizedPath();
        boolean ours = path.equals(ROOT) || path.startsWith(ROOT + "/");
        Optional<CapitaniaException> objection = ours ? objection(request, path) : Optional.empty();
        if (objection.isEmpty()) {
            request.next();
        } else {
            refuse(request, objection.get());
        }
    }

    private Optional<CapitaniaException> objection(RoutingContext request, String path) {
        HttpServerRequest http = request.request();
        List<String> from = http.headers().getAll("Origin");
        if (from.size() > 1 || !from.stream().allMatch(origin -> allowed(origin, http))) {
            return refusal(ErrorCode.DENIED, "pages of " + from + " may not call here");
        }
        Caller caller = CallContext.callerOf(request);
        if (caller == null) {
            return refusal(ErrorCode.UNAUTHENTICATED, "this request needs a bearer token");
        }
        if (caller.kind() != PrincipalKind.CLIENT) {
            return refusal(
                    ErrorCode.DENIED,
                    caller.principal() + " is no outside client; make a token with hq token client:NAME");
        }
        List<String> versions = http.headers().getAll("MCP-Protocol-Version");
        if (!VERSIONS.containsAll(versions)) {
            return refusal(
                    ErrorCode.BAD_REQUEST, "protocol version " + versions + " is not spoken here, only " + VERSIONS);
        }
        // The older transport with its two addresses.
        return path.equals(ROOT) || path.equals(ROOT + "/")
                ? Optional.empty()
                : refusal(ErrorCode.NOT_FOUND, "nothing answers at " + path + "; the protocol is spoken at " + ROOT);
    }

    /** A listed origin, or this server's own on this machine. */
    private boolean allowed(String origin, HttpServerRequest http) {
        int port = http.localAddress().port();
        return origins.contains(origin)
                || origin.equals("http://127.0.0.1:" + port)
                || origin.equals("http://localhost:" + port);
    }

    private static Optional<CapitaniaException> refusal(ErrorCode code, String why) {
        return Optional.of(new CapitaniaException(code, why));
    }

    private static void refuse(RoutingContext request, CapitaniaException e) {
        request.response()
                .setStatusCode(e.code().httpStatus())
                .putHeader("content-type", "application/problem+json")
                .end(Json.write(
                        Problem.of(e, TraceContext.traceId(request.request().getHeader("traceparent")))));
    }
}
