package org.capitania.approval.signin;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.capitania.approval.proposal.Decider;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** The person a page of the console is made for: signed in by cookie, or holding a bearer token of their own. */
@RequestScoped
public class Visitor {
    static final String COOKIE = "hq_session";

    @Inject
    RoutingContext request;

    @Inject
    CallContext call;

    @Inject
    Sessions sessions;

    private @Nullable Optional<Session> session;

    /** In whose name the page is made; {@code UNAUTHENTICATED} when nobody is signed in. */
    public Scope scope() {
        if (bearer()) {
            call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
            return call.scope();
        }
        Session signedIn = signedIn();
        return Scope.of(signedIn.tenant(), signedIn.actor(), null).withCorrelation("console:" + signedIn.id());
    }

    /** The same person, about to decide. */
    public Decider decider() {
        return bearer() ? Decider.of(call.caller(), call.scope(), null) : Decider.signedIn(scope());
    }

    /** What forms carry; empty for a bearer, whose requests no other page can forge. */
    public String formToken() {
        return bearer() ? "" : signedIn().formToken();
    }

    /** Lets a form through only when it came from a page of this session: same origin, and the session's token. */
    public void requireOwnForm(@Nullable String token) {
        if (bearer()) {
            return;
        }
        if (!fromHere()) {
            throw new CapitaniaException(ErrorCode.DENIED, "this form was sent from another site; it was not accepted");
        }
        if (token == null || !MessageDigest.isEqual(bytes(token), bytes(formToken()))) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, "this form is from an earlier session; open the page again and repeat");
        }
    }

    Session signedIn() {
        if (session == null) {
            Cookie cookie = request.request().getCookie(COOKIE);
            session = cookie == null ? Optional.empty() : sessions.find(cookie.getValue());
        }
        return session.orElseThrow(
                () -> new CapitaniaException(ErrorCode.UNAUTHENTICATED, "nobody is signed in in this browser"));
    }

    private boolean fromHere() {
        HttpServerRequest http = request.request();
        String origin = http.getHeader("Origin");
        if (origin == null) {
            return "same-origin".equals(http.getHeader("Sec-Fetch-Site"));
        }
        try {
            return http.getHeader("Host") != null
                    && http.getHeader("Host").equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean bearer() {
        return request.request().getHeader("Authorization") != null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
