package org.capitania.ingest.worker;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.contract.event.TextChanged;
import org.capitania.ingest.embedding.EmbedWorker;
import org.capitania.ingest.turn.KeepTurns;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door of the topics. {@code hq.nodes} is a doorbell only, since graph-service keeps the list of what is to be embedded. */
@ApplicationScoped
class Events {
    private static final String CONSUMER = "workers";

    private final EventLoop events;
    private final Loops loops;
    private final KeepTurns turns;

    Events(EventLoop events, Loops loops, KeepTurns turns) {
        this.events = events;
        this.loops = loops;
        this.turns = turns;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        events.consume(batch, CONSUMER, (event, inbox) -> switch (event.type()) {
            case TextChanged.TYPE -> {
                loops.wake(EmbedWorker.NAME);
                yield Outcome.DONE;
            }
            case InteractionCreated.TYPE -> turns.spoken(event);
            default -> Outcome.DONE;
        });
    }
}
