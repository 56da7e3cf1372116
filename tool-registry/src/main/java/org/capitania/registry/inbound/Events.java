package org.capitania.registry.inbound;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.contract.event.Event;
import org.capitania.registry.brief.QuietBrief;
import org.capitania.registry.execution.ProposalDoorbell;
import org.capitania.registry.ledger.LedgerFlusher;
import org.capitania.registry.memory.MemoryBeats;
import org.capitania.registry.reviews.ReviewDoorbell;
import org.capitania.registry.runs.PausedAgents;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands each event to the one part that hears it. */
@ApplicationScoped
class Events {
    private final EventLoop loop;
    private final LedgerFlusher ledger;
    private final ProposalDoorbell proposals;
    private final PausedAgents paused;
    private final MemoryBeats memory;
    private final ReviewDoorbell reviews;
    private final QuietBrief quiet;

    Events(
            EventLoop loop,
            LedgerFlusher ledger,
            ProposalDoorbell proposals,
            PausedAgents paused,
            MemoryBeats memory,
            ReviewDoorbell reviews,
            QuietBrief quiet) {
        this.quiet = quiet;
        this.reviews = reviews;
        this.loop = loop;
        this.ledger = ledger;
        this.proposals = proposals;
        this.paused = paused;
        this.memory = memory;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(batch, "tool-registry", this::handle, ledger);
    }

    private Outcome handle(Event event, InboxScope inbox) {
        if (LedgerFlusher.hears(event.type())) {
            return ledger.handle(event, inbox);
        }
        if (ProposalDoorbell.hears(event.type())) {
            return proposals.handle(event, inbox);
        }
        if (ReviewDoorbell.hears(event.type())) {
            return reviews.handle(event, inbox);
        }
        if (QuietBrief.hears(event)) {
            return quiet.handle(event, inbox);
        }
        if (MemoryBeats.hears(event.type())) {
            return memory.handle(event, inbox);
        }
        return event.type().equals(AgentStateChanged.TYPE) ? paused.handle(event, inbox) : Outcome.DONE;
    }
}
