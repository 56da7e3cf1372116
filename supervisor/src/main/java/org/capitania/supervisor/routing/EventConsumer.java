package org.capitania.supervisor.routing;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.event.AutonomyThawed;
import org.capitania.contract.event.BudgetRaised;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.Outcome;
import org.capitania.supervisor.wakes.ResumeFrozen;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door for semantic events. */
@ApplicationScoped
class EventConsumer {
    private final EventLoop loop;
    private final RouteEvent route;
    private final ResumeFrozen resume;

    EventConsumer(EventLoop loop, RouteEvent route, ResumeFrozen resume) {
        this.loop = loop;
        this.route = route;
        this.resume = resume;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(batch, "supervisor", (event, inbox) -> {
            inbox.run(tx -> {
                if (event.type().equals(AutonomyThawed.TYPE)) {
                    resume.resume(tx);
                }
                if (event.type().equals(BudgetRaised.TYPE)) {
                    resume.withMoney(tx, event.as(BudgetRaised.class).agent());
                }
                route.route(tx, event);
            });
            return Outcome.DONE;
        });
    }
}
