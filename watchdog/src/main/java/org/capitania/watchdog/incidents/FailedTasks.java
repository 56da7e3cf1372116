package org.capitania.watchdog.incidents;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.SubagentLeaked;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** A task that the supervisor has given up, and a subagent that was left behind, are incidents until a person has seen them. */
@ApplicationScoped
class FailedTasks {
    static final String CHECK = "task_given_up";
    static final String LEAK = "subagent_leak";

    private final EventLoop loop;
    private final Incidents incidents;

    FailedTasks(EventLoop loop, Incidents incidents) {
        this.loop = loop;
        this.incidents = incidents;
    }

    @Incoming("events")
    @RunOnVirtualThread
    void on(ConsumerRecords<String, byte[]> batch) {
        loop.consume(batch, "watchdog", this::handle);
    }

    private Outcome handle(Event event, InboxScope inbox) {
        if (event.type().equals(AgentTaskFailed.TYPE)) {
            AgentTaskFailed failed = event.as(AgentTaskFailed.class);
            inbox.run(tx -> incidents.file(
                    tx,
                    new Report(
                            CHECK,
                            "task:" + failed.taskId(),
                            false,
                            Tier.MEDIUM,
                            "%s was tried %d times: %s; %s has to look at it"
                                    .formatted(failed.role(), failed.attempts(), failed.reason(), failed.person()),
                            failed.role(),
                            failed.taskId())));
        }
        if (event.type().equals(SubagentLeaked.TYPE)) {
            SubagentLeaked leaked = event.as(SubagentLeaked.class);
            inbox.run(tx -> incidents.file(
                    tx,
                    new Report(
                            LEAK,
                            "session:" + leaked.sessionId(),
                            false,
                            Tier.SOFT,
                            "the subagent %s of %s was open although session %s was over; it was closed"
                                    .formatted(leaked.subagent(), leaked.role(), leaked.parentSessionId()),
                            leaked.role(),
                            leaked.taskId())));
        }
        return Outcome.DONE;
    }
}
