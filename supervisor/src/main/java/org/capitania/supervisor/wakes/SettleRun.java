package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.api.TaskOutcome.Outcome;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.FenceReleases;

/** Ends a run, whatever ended it: its tasks get their fate, the lease is given back, and the wake is over or opens again. */
@ApplicationScoped
class SettleRun {
    private final WakeStore wakes;
    private final TaskStore tasks;
    private final Stores stores;
    private final EndTask endTask;
    private final FenceReleases releases;
    private final WakesConfig config;

    SettleRun(Stores stores, EndTask endTask, FenceReleases releases, WakesConfig config) {
        this.stores = stores;
        this.wakes = stores.wakes();
        this.tasks = stores.tasks();
        this.endTask = endTask;
        this.releases = releases;
        this.config = config;
    }

    /**
     * How a run ended.
     *
     * @param state its final state
     * @param undone why a task that was not reported is not done
     * @param counts whether a task that it left undone has lost an attempt
     * @param otherwise the outcome of a task that was not reported
     */
    record End(
            String state,
            String reason,
            String undone,
            boolean counts,
            Outcome otherwise,
            List<TaskOutcome> reported,
            List<String> taken) {

        /** What ended it is also why anything else is not done. */
        End(
                String state,
                String reason,
                boolean counts,
                Outcome otherwise,
                List<TaskOutcome> reported,
                List<String> taken) {
            this(state, reason, reason, counts, otherwise, reported, taken);
        }

        /** Nobody reported anything. */
        static End silent(String state, String reason, boolean counts) {
            return new End(state, reason, counts, Outcome.FAILED, List.of(), List.of());
        }
    }

    /** Answers the active wake of the role afterwards, or the one that is over. The caller holds the lock of the role. */
    Wake settle(Tx tx, Wake.InRun wake, End end) {
        Instant now = wakes.now(tx);
        UUID runId = wake.run().runId();
        tasks.taken(tx, runId, end.taken());
        Set<EndTask.Fate> fates = fates(tx, wake, end, now);
        stores.runs().end(tx, runId, end.state(), end.reason());
        stores.leases().release(tx, wake.head().role(), wake.run());
        releases.add(tx, runId);
        return next(tx, wake, end, fates, now);
    }

    private Set<EndTask.Fate> fates(Tx tx, Wake.InRun wake, End end, Instant now) {
        Map<String, TaskOutcome> reported = end.reported().stream()
                .collect(Collectors.toMap(TaskOutcome::taskId, Function.identity(), (a, b) -> a));
        Set<EndTask.Fate> fates = EnumSet.noneOf(EndTask.Fate.class);
        for (Task task : tasks.running(tx, wake.run().runId())) {
            String id = task.taskId().toString();
            TaskOutcome outcome = reported.getOrDefault(id, new TaskOutcome(id, end.otherwise(), end.undone()));
            fates.add(endTask.apply(tx, task, wake, outcome, end.counts() && !cameTooLate(tx, task, wake, end), now));
        }
        return fates;
    }

    /** A run that ended in good order had never seen the task: that is nobody's failure. */
    private boolean cameTooLate(Tx tx, Task task, Wake.InRun wake, End end) {
        return end.state().equals("finished")
                && !tasks.anyTaken(tx, task.taskId(), wake.run().runId());
    }

    private Wake next(Tx tx, Wake.InRun wake, End end, Set<EndTask.Fate> fates, Instant now) {
        Wake.Head head = wake.head();
        Optional<Instant> due = tasks.nextDue(tx, head.role());
        if (due.isEmpty()) {
            boolean nothingDone = fates.equals(Set.of(EndTask.Fate.GIVEN_UP));
            return nothingDone ? wakes.save(tx, wake.fail()) : wakes.save(tx, wake.close());
        }
        if (fates.contains(EndTask.Fate.RETRIED)) {
            return wakes.save(tx, wake.reopen(due.get(), held(head, end, due.get(), now)));
        }
        if (wakes.isYoung(tx, head.wakeId(), config.coalesce())) {
            return wakes.save(tx, wake.reopen(due.get(), null));
        }
        wakes.save(tx, wake.close());
        return wakes.open(tx, head.role(), "events that came too late for the run before", due.get());
    }

    private static @org.jspecify.annotations.Nullable String held(Wake.Head head, End end, Instant due, Instant now) {
        return due.isAfter(now)
                ? "back-off after run " + head.attempt() + " (" + end.state() + "): " + end.reason()
                : null;
    }
}
