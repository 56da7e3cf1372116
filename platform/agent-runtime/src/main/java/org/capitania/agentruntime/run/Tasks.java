package org.capitania.agentruntime.run;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.capitania.agentruntime.loop.Assignment;
import org.capitania.agentruntime.loop.InterruptibleLease;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.agentruntime.loop.TaskEnd;
import org.capitania.agentruntime.loop.TaskLoop;
import org.capitania.agentruntime.mailbox.MessageStore;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.api.TaskOutcome.Outcome;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;

/** Does one task of a run: session after session, until all of its events have been seen by one that finished. */
@ApplicationScoped
class Tasks {
    /** What a provider cannot take, or a run has not tokens enough for, fails the same way every time; nothing is gained by another run. */
    private static final Set<String> HOPELESS =
            Set.of(ModelFailure.Kind.BAD_REQUEST.code(), ErrorCode.RUN_EXHAUSTED.code());

    /** How long a stopped run may take to put its session away: well below the supervisor's patience with it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final TaskLoop loop;
    private final Sessions sessions;
    private final MessageStore messages;

    Tasks(TaskLoop loop, Sessions sessions, MessageStore messages) {
        this.loop = loop;
        this.sessions = sessions;
        this.messages = messages;
    }

    TaskOutcome run(Scope scope, KeptRun run, String taskId) {
        AgentWake wake = run.wake();
        while (true) {
            AgentTask task = run.task(taskId);
            Set<String> ids = task.events().stream().map(Event::id).collect(Collectors.toSet());
            switch (sessions.forTask(scope, taskId, wake.runId(), ids)) {
                case Sessions.Place.Finished(String reason) -> {
                    return new TaskOutcome(taskId, Outcome.FINISHED, reason);
                }
                case Sessions.Place.In(String sessionId, Instant openedAt, boolean begun) -> {
                    if (!begun) {
                        // It may have to be left, and what the first heartbeat is answered says so.
                        run.awaitBeat();
                    }
                    Ticket ticket =
                            new Ticket(scope.tenant(), wake.role(), sessionId, taskId, wake.runId(), wake.fence());
                    TaskEnd end = go(ticket, assignment(scope, run, task, openedAt), run, openedAt);
                    if (end.ending() != Ending.FINISHED && !end.code().equals(TaskLoop.ROTATED)) {
                        return new TaskOutcome(taskId, outcome(end), end.code() + ": " + end.reason(), end.until());
                    }
                }
            }
        }
    }

    /** A run that was stopped for good, not to go on where it stood, leaves no session behind. */
    private TaskEnd go(Ticket ticket, Assignment assignment, KeptRun run, Instant openedAt) {
        try {
            return loop.run(ticket, assignment, run.lease());
        } catch (RunInterrupted e) {
            if (e.reason() == Cause.STOPPED && run.outdated(openedAt)) {
                cutOff(ticket, assignment, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private void cutOff(Ticket ticket, Assignment assignment, String reason) {
        InterruptibleLease rest = new InterruptibleLease();
        var deadline = CompletableFuture.runAsync(
                () -> rest.end(Cause.STOPPED, "it took too long"),
                CompletableFuture.delayedExecutor(LAST_WORDS.toSeconds(), TimeUnit.SECONDS));
        try {
            loop.cutOff(ticket, assignment, rest, reason);
        } catch (RunInterrupted e) {
            // The next run finds it open and outdated, and ends it.
            Log.warnf("session is put away later session=%s why=%s", ticket.sessionId(), e.getMessage());
        } finally {
            deadline.cancel(false);
        }
    }

    private static Outcome outcome(TaskEnd end) {
        return switch (end.ending()) {
            case FINISHED -> Outcome.FINISHED;
            case FROZEN -> Outcome.FROZEN;
            case FAILED -> HOPELESS.contains(end.code()) ? Outcome.GIVEN_UP : Outcome.FAILED;
        };
    }

    private Assignment assignment(Scope scope, KeptRun run, AgentTask task, Instant openedAt) {
        return new Assignment(
                Purpose.TASK,
                trigger(task),
                () -> feed(scope, run.task(task.taskId())),
                () -> run.outdated(openedAt),
                (transcript, ended) -> {});
    }

    private List<Incoming> feed(Scope scope, AgentTask task) {
        List<Incoming> items = new ArrayList<>();
        task.events().forEach(e -> items.add(incoming(e, task.tainted())));
        items.addAll(messages.unshown(scope, task.tainted()));
        return items;
    }

    private static Incoming incoming(Event event, boolean tainted) {
        return new Incoming(
                event.id(), event.type(), event.actor(), event.subject(), event.time(), tainted, event.data());
    }

    /** A beat by its name: the type says only that there was one. */
    private static String named(Event event) {
        return event.type().equals(BeatFired.TYPE) ? event.type() + "." + event.subject() : event.type();
    }

    /** What the gateway and the header are told: our own words only, nothing that came from outside. */
    private static Trigger trigger(AgentTask task) {
        String type = task.events().isEmpty() ? "wake" : named(task.events().getFirst());
        String interaction = task.events().isEmpty()
                ? ""
                : task.events().getLast().data().path("interaction_id").asText("");
        return new Trigger(
                type,
                task.conversationId(),
                interaction.isEmpty() ? null : interaction,
                task.tainted(),
                type + ", " + task.events().size() + (task.events().size() == 1 ? " event" : " events"));
    }
}
