package org.capitania.approval.proposal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.approval.review.ReceiveReview;
import org.capitania.servicekit.EventLoop;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door of {@code hq.proposal} and {@code hq.review}. */
@ApplicationScoped
class ProposalEvents {
    private final EventLoop loop;
    private final ReceiveProposal receive;

    private final ReceiveReview reviews;

    ProposalEvents(EventLoop loop, ReceiveProposal receive, ReceiveReview reviews) {
        this.loop = loop;
        this.receive = receive;
        this.reviews = reviews;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(
                batch,
                "approval-service",
                (event, inbox) -> event.type().startsWith("review.")
                        ? reviews.handle(event, inbox)
                        : receive.handle(event, inbox));
    }
}
