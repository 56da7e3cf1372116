package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Bells;

/**
 * Puts an event before a role: into the open task of its conversation or into a new one, and that into the active wake or into a new one.
 * The first event wakes at once; what comes while the wake lasts, or within two seconds of its opening, belongs to it (decision 22).
 */
@ApplicationScoped
public class EnqueueEvent {
    private final WakeStore wakes;
    private final TaskStore tasks;
    private final Admission admission;
    private final WakesConfig config;
    private final Bells bells;

    EnqueueEvent(WakeStore wakes, TaskStore tasks, Admission admission, WakesConfig config, Bells bells) {
        this.wakes = wakes;
        this.tasks = tasks;
        this.admission = admission;
        this.config = config;
        this.bells = bells;
    }

    /** Answers the task that now holds the event. The caller holds the lock of the role. */
    public UUID add(Tx tx, String role, Event event, boolean tainted) {
        String conversation = conversation(event);
        String subject = conversation == null ? event.key() : conversation;
        Supplier<Instant> time = wakes.askNow(tx);
        Supplier<Optional<Wake.Active>> active = wakes.askActive(tx, role);
        Supplier<Optional<Task>> open = tasks.askOpen(tx, role, subject);
        Instant now = time.get();
        Wake.Active wake = active.get().orElseGet(() -> wake(tx, role, event, now));
        UUID task = open.get()
                .map(Task::taskId)
                .orElseGet(() -> tasks.insert(tx, wake.head().wakeId(), role, subject, conversation, tainted, now));
        if (tainted) {
            tasks.taint(tx, task);
        }
        tasks.addEvent(tx, task, event);
        tasks.hasten(tx, task, now);
        switch (wake) {
            case Wake.Open waiting -> wakes.save(tx, waiting.noLaterThan(now));
            case Wake.InRun going -> bind(tx, going.head(), going.run(), now);
        }
        bells.dispatch(tx);
        return task;
    }

    private Wake.Active wake(Tx tx, String role, Event event, Instant now) {
        Optional<Wake.Done> burst = wakes.justDone(tx, role, config.coalesce());
        return burst.isPresent() ? wakes.save(tx, burst.get().reopen(now)) : wakes.open(tx, role, event.type(), now);
    }

    private void bind(Tx tx, Wake.Head head, Wake.Run run, Instant now) {
        int room = config.tasksPerRun() - tasks.ofRun(tx, head.wakeId(), run.runId());
        if (room > 0) {
            tasks.bindDue(
                    tx,
                    head.role(),
                    head.wakeId(),
                    run.runId(),
                    now,
                    admission.now(tx.scope().tenant(), head.role()),
                    room);
        }
    }

    private static @org.jspecify.annotations.Nullable String conversation(Event event) {
        String id = event.data().path("conversation_id").asText("");
        return id.isEmpty() ? null : id;
    }
}
