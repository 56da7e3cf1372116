package org.capitania.servicekit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.logging.Log;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Has the body of an ordinary request of the API, which is small and says its length, before the request gets a thread: a thread that reads
 * it waits twice, once for the bytes and once for their end, and is woken each time.
 */
@ApplicationScoped
class SmallBodies {
    private static final String BODY = "hq.body";
    private static final int LARGEST = 64 * 1024;
    /** Nobody without a token sends us bytes to keep. */
    private static final int AFTER_THE_TOKEN = TokenGate.BEFORE_EVERYTHING - 1;

    void register(@Observes Filters filters) {
        filters.register(SmallBodies::read, AFTER_THE_TOKEN);
    }

    private static void read(RoutingContext request) {
        if (!small(request)) {
            request.next();
            return;
        }
        HttpServerRequest http = request.request();
        Future<Buffer> body = http.body();
        http.resume();
        body.onSuccess(whole -> {
                    request.put(BODY, whole);
                    request.next();
                })
                .onFailure(e -> {
                    // Whoever sent half of it has gone, or cannot be understood any more.
                    Log.debugf("a body broke off path=%s why=%s", request.normalizedPath(), e.getMessage());
                    http.connection().close();
                });
    }

    /** JSON for the API; forms and streams are read in ways of their own. */
    private static boolean small(RoutingContext request) {
        HttpServerRequest http = request.request();
        String type = http.getHeader(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && type.startsWith("application/json")
                && request.normalizedPath().startsWith("/v1/")
                && http.getHeader(HttpHeaderNames.EXPECT) == null
                && length(http.getHeader(HttpHeaderNames.CONTENT_LENGTH)) <= LARGEST;
    }

    private static long length(@Nullable String header) {
        try {
            return header == null ? Long.MAX_VALUE : Long.parseLong(header);
        } catch (NumberFormatException e) {
            // Whoever reads it says so.
            return Long.MAX_VALUE;
        }
    }

    @ServerRequestFilter
    void hand(ContainerRequestContext request, RoutingContext routing) {
        Buffer body = routing.get(BODY);
        if (body != null) {
            request.setEntityStream(new ByteArrayInputStream(body.getBytes()));
        }
    }
}
