package org.capitania.graph.load;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Lifts the limit on a body that says no length beforehand, for loads alone: what they hold in memory is a chunk. */
@ApplicationScoped
class UnboundedBody {
    /** After the limit has been set, before the body is read. */
    private static final int AFTER_THE_LIMIT = -(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1);

    void register(@Observes Filters filters) {
        filters.register(UnboundedBody::lift, AFTER_THE_LIMIT);
    }

    private static void lift(RoutingContext request) {
        if (request.normalizedPath().equals("/v1/load")) {
            request.remove(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY);
        }
        request.next();
    }
}
