package org.capitania.approval.console;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** What every answer tells the browser: no script but ours, nothing from elsewhere, in no one's frame. */
@ApplicationScoped
class SecurityHeaders {
    private static final int BEFORE_THE_TOKEN_GATE = 2000;
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none';"
                    + " form-action 'self'; img-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'";

    void register(@Observes Filters filters) {
        filters.register(
                request -> {
                    request.response()
                            .putHeader("Content-Security-Policy", POLICY)
                            .putHeader("X-Content-Type-Options", "nosniff")
                            // Not no-referrer: it would make the Origin of our own forms null.
                            .putHeader("Referrer-Policy", "same-origin")
                            .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                            .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
                    request.next();
                },
                BEFORE_THE_TOKEN_GATE);
    }
}
