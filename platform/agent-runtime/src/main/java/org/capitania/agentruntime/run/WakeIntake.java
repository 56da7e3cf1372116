package org.capitania.agentruntime.run;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.agentruntime.mailbox.MessageStore;
import org.capitania.contract.event.AgentMessage;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes wakes and messages from Kafka: each is stored with its inbox row and acknowledged; the work is done from the store. */
@ApplicationScoped
class WakeIntake {
    private final EventLoop events;
    private final RunStore runs;
    private final MessageStore messages;
    private final GivenUpTasks givenUp;
    private final Loops loops;
    private final String consumer;

    WakeIntake(
            EventLoop events,
            RunStore runs,
            MessageStore messages,
            GivenUpTasks givenUp,
            Loops loops,
            @ConfigProperty(name = "hq.service") String consumer) {
        this.events = events;
        this.runs = runs;
        this.messages = messages;
        this.givenUp = givenUp;
        this.loops = loops;
        this.consumer = consumer;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        events.consume(batch, consumer, this::handle);
    }

    private Outcome handle(Event event, InboxScope inbox) {
        switch (event.type()) {
            case AgentWake.TYPE -> {
                AgentWake wake = event.as(AgentWake.class);
                inbox.run(tx -> runs.receive(tx, wake));
                loops.wake(RunWorker.loop(event.tenant()));
            }
            case AgentMessage.TYPE -> {
                AgentMessage message = event.as(AgentMessage.class);
                inbox.run(tx -> messages.receive(tx, message));
                loops.wake(org.capitania.agentruntime.mailbox.AskWorker.loop(event.tenant()));
            }
            case AgentTaskFailed.GIVEN_UP -> givenUp.close(event.tenant(), event.as(AgentTaskFailed.class));
            default -> {
                // agent.reply and the like are for the audit.
            }
        }
        return Outcome.DONE;
    }
}
