package org.capitania.servicekit;

import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.Arrays;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.HeaderText;
import org.jspecify.annotations.Nullable;

/** The authenticated request at hand: who calls, in which scope, under which idempotency key. */
@RequestScoped
public class CallContext {
    static final String CALLER = "hq.caller";

    @Inject
    RoutingContext request;

    /** Who calls; a request that passed {@link TokenGate} on an open path has none and is refused here. */
    public Caller caller() {
        Caller caller = request.get(CALLER);
        if (caller == null) {
            throw new CapitaniaException(ErrorCode.UNAUTHENTICATED, "this request needs a bearer token");
        }
        return caller;
    }

    /** Who makes a request that stands before its resource yet; null where it carries no token. */
    public static @Nullable Caller callerOf(RoutingContext request) {
        return request.get(CALLER);
    }

    public Scope scope() {
        Caller caller = caller();
        String trace = request.request().getHeader("traceparent");
        return new Scope(
                caller.tenant(),
                caller.actor(),
                reason(caller),
                header("X-HQ-Causation-Id"),
                header("X-HQ-Correlation-Id"),
                trace == null ? TraceContext.fresh() : trace);
    }

    /** The caller's reason; where a person acts for another, whose key it was is added here, so that both names are kept. */
    private @Nullable String reason(Caller caller) {
        String header = header("X-HQ-Reason");
        String given = header == null ? null : HeaderText.decode(header);
        return caller.enteredBy()
                .map(person -> (given == null ? "" : given + " ") + "[entered by " + person + "]")
                .orElse(given);
    }

    public @Nullable String idempotencyKey() {
        return header("Idempotency-Key");
    }

    /** Refuses the request unless the signing key is of one of these kinds. */
    public void requireKind(PrincipalKind... kinds) {
        Caller caller = caller();
        if (!Arrays.asList(kinds).contains(caller.kind())) {
            throw new CapitaniaException(
                    ErrorCode.DENIED,
                    caller.principal() + " may not do this; it takes one of "
                            + Arrays.toString(kinds).toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Refuses the request unless exactly this principal signed it. */
    public void requirePrincipal(String principal) {
        if (!caller().principal().equals(principal)) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, caller().principal() + " may not do this; only " + principal + " may");
        }
    }

    private @Nullable String header(String name) {
        String value = request.request().getHeader(name);
        return value == null || value.isBlank() ? null : value;
    }
}
