package org.capitania.approval.console;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.capitania.approval.live.LiveUpdates;
import org.capitania.approval.signin.Visitor;

/** {@code /live}: one event for each thing that changes, and a beat so that a dead connection is noticed. */
@Path("/live")
class LiveResource {
    private static final long RECONNECT_MILLIS = 1000;

    private final LiveUpdates live;
    private final Visitor visitor;

    LiveResource(LiveUpdates live, Visitor visitor) {
        this.live = live;
        this.visitor = visitor;
    }

    @GET
    @Blocking
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(@Context Sse sse) {
        return live.watch(visitor.scope().tenant())
                .map(update -> sse.newEventBuilder()
                        .name(update.kind())
                        .mediaType(MediaType.TEXT_PLAIN_TYPE)
                        .reconnectDelay(RECONNECT_MILLIS)
                        .data(update.subject())
                        .build());
    }
}
