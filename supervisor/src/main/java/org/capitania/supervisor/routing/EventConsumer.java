package org.capitania.supervisor.routing;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door for semantic events. */
@ApplicationScoped
class EventConsumer {
    private final EventLoop loop;
    private final RouteEvent route;

    EventConsumer(EventLoop loop, RouteEvent route) {
        this.loop = loop;
        this.route = route;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(batch, "supervisor", (event, inbox) -> {
            inbox.run(tx -> route.route(tx, event));
            return Outcome.DONE;
        });
    }
}
