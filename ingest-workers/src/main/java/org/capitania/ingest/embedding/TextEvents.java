package org.capitania.ingest.embedding;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.event.TextChanged;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door of {@code hq.nodes}: a doorbell only, since graph-service keeps the list of what is to be embedded. */
@ApplicationScoped
class TextEvents {
    private final EventLoop events;
    private final Loops loops;

    TextEvents(EventLoop events, Loops loops) {
        this.events = events;
        this.loops = loops;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        events.consume(batch, EmbedWorker.NAME, (event, inbox) -> {
            if (event.type().equals(TextChanged.TYPE)) {
                loops.wake(EmbedWorker.NAME);
            }
            return Outcome.DONE;
        });
    }
}
