package org.capitania.agentruntime.run;

import io.quarkus.logging.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.capitania.agentruntime.loop.InterruptibleLease;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A claimed run while it is at work: renews its lease in the background, stores what is appended to it before saying so, and reports
 * tasks as they end. It gives itself up when the lease has run out unrenewed, without waiting to be told.
 */
final class KeptRun implements AutoCloseable {
    /** Stores events that were appended to the run; answers the run as it stands then. */
    @FunctionalInterface
    interface Appended {
        AgentWake store(List<AgentTask> tasks);
    }

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Scope scope;
    private final Supervisor supervisor;
    private final Appended appended;
    private final LongSupplier steps;
    private final Duration every;
    private final Duration leaseTime;
    private final Clock clock;
    private final InterruptibleLease lease = new InterruptibleLease();
    private final Set<String> over = new HashSet<>();
    private final List<TaskOutcome> unreported = new ArrayList<>();
    private final List<String> untold = new ArrayList<>();
    private final CountDownLatch beaten = new CountDownLatch(1);
    private AgentWake wake;
    private Instant renewed;
    private @Nullable Instant freshFrom;
    private boolean closed;

    KeptRun(
            Scope scope,
            AgentWake wake,
            Supervisor supervisor,
            Appended appended,
            LongSupplier steps,
            Duration every,
            Duration leaseTime,
            Clock clock) {
        this.scope = scope;
        this.wake = wake;
        this.supervisor = supervisor;
        this.appended = appended;
        this.steps = steps;
        this.every = every;
        this.leaseTime = leaseTime;
        this.clock = clock;
        this.renewed = clock.instant();
    }

    /**
     * Begins to renew in the background, at once.
     *
     * @param first what is done before; what is appended to the run builds on it
     */
    KeptRun keep(Runnable first) {
        Thread.ofVirtual().name("heartbeat-" + wake.runId()).start(() -> beatUntilClosed(first));
        return this;
    }

    /** Waits until the first heartbeat was answered, or was not. */
    void awaitBeat() {
        lease.during(() -> {
            try {
                beaten.await();
                return Boolean.TRUE;
            } catch (InterruptedException e) {
                // The lease says why, where it was the lease.
                throw new RunInterrupted(Cause.SHUTDOWN, "interrupted");
            }
        });
    }

    InterruptibleLease lease() {
        return lease;
    }

    /** Whether a session that was opened then has to end and go on in a fresh one. */
    synchronized boolean outdated(Instant openedAt) {
        return freshFrom != null && openedAt.isBefore(freshFrom);
    }

    synchronized AgentWake wake() {
        return wake;
    }

    /** The first task that has not ended. */
    synchronized Optional<AgentTask> nextTask() {
        return wake.tasks().stream().filter(t -> !over.contains(t.taskId())).findFirst();
    }

    synchronized AgentTask task(String taskId) {
        return wake.tasks().stream()
                .filter(t -> t.taskId().equals(taskId))
                .findFirst()
                .orElseThrow();
    }

    /** A task ended; from here on nothing more is taken for it. */
    synchronized void ended(TaskOutcome outcome) {
        over.add(outcome.taskId());
        unreported.add(outcome);
    }

    /** The outcomes no heartbeat has carried yet, and what was taken since the last one. */
    synchronized Report report() {
        return new Report(List.copyOf(unreported), List.copyOf(untold));
    }

    record Report(List<TaskOutcome> outcomes, List<String> taken) {}

    /** Renews once. */
    void beat() {
        Report report = report();
        Instant sent = clock.instant();
        RunHeartbeat.Renewed answer;
        try {
            answer = supervisor.heartbeat(
                    scope,
                    wake().runId(),
                    new RunHeartbeat(wake().fence(), steps.getAsLong(), report.taken(), report.outcomes()));
        } catch (CapitaniaException e) {
            if (!e.code().type().retryable()) {
                lease.end(Cause.LOST, e.detail());
            } else if (!clock.instant().isBefore(lastRenewal().plus(leaseTime))) {
                lease.end(Cause.LOST, "the lease ran out: the supervisor has not answered since " + lastRenewal());
            }
            return;
        }
        synchronized (this) {
            renewed = sent;
            freshFrom = answer.freshFrom();
            unreported.removeAll(report.outcomes());
            untold.removeAll(report.taken());
        }
        take(answer.appended());
        if (answer.command() == RunHeartbeat.Command.STOP) {
            lease.end(Cause.STOPPED, "the supervisor stopped the run");
        }
    }

    private synchronized void take(List<AgentTask> appended) {
        // What comes for a task that has ended here is left untaken: the supervisor makes a new task of it.
        List<AgentTask> open =
                appended.stream().filter(t -> !over.contains(t.taskId())).toList();
        if (open.isEmpty()) {
            return;
        }
        wake = this.appended.store(open);
        open.forEach(t -> t.events().stream().map(Event::id).forEach(untold::add));
    }

    private synchronized Instant lastRenewal() {
        return renewed;
    }

    private void beatUntilClosed(Runnable first) {
        Duration pause = Duration.ZERO;
        boolean begun = false;
        while (waited(pause)) {
            try {
                if (!begun) {
                    first.run();
                    begun = true;
                }
                Instant before = lastRenewal();
                beat();
                pause = lastRenewal().isAfter(before) ? every : SOON;
            } catch (RuntimeException e) {
                // The store is away, say: the lease lives as long as the supervisor was reached in time.
                Log.warnf(e, "heartbeat failed run=%s", wake().runId());
                pause = SOON;
            } finally {
                beaten.countDown();
            }
        }
    }

    /** Waits; false once the run is over. */
    private synchronized boolean waited(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
