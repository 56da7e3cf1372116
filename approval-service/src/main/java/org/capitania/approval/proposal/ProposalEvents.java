package org.capitania.approval.proposal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.servicekit.EventLoop;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The door of {@code hq.proposal}. */
@ApplicationScoped
class ProposalEvents {
    private final EventLoop loop;
    private final ReceiveProposal receive;

    ProposalEvents(EventLoop loop, ReceiveProposal receive) {
        this.loop = loop;
        this.receive = receive;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(batch, "approval-service", receive::handle);
    }
}
