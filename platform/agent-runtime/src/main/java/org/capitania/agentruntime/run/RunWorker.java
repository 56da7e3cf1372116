package org.capitania.agentruntime.run;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.agentruntime.AgentConfig;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/**
 * Works through the runs of each tenant, one after the other: claims, keeps the lease, does the tasks, reports. What a restart finds
 * unfinished it claims again; whether it may go on only the supervisor says.
 */
@ApplicationScoped
class RunWorker {
    /** A wake rings the bell; this is for a supervisor that was away when it did. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final AgentConfig config;
    private final RunStore store;
    private final Supervisor supervisor;
    private final Tasks tasks;
    private final Sessions sessions;
    private final UnacceptedSessions unaccepted;
    private final Clock clock;
    private final Map<String, KeptRun> current = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    RunWorker(
            AgentConfig config,
            RunStore store,
            Supervisor supervisor,
            Tasks tasks,
            Sessions sessions,
            UnacceptedSessions unaccepted,
            Clock clock) {
        this.unaccepted = unaccepted;
        this.config = config;
        this.store = store;
        this.supervisor = supervisor;
        this.tasks = tasks;
        this.sessions = sessions;
        this.clock = clock;
    }

    static String loop(String tenant) {
        return "runs-" + tenant;
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every(loop(tenant), LOOK_AGAIN, () -> work(tenant)));
    }

    /** Before the loops are joined: a run that is at work is given up, so that another process can go on at once. */
    void stop(@Observes @Priority(0) ShutdownEvent event) {
        stopping = true;
        current.values().forEach(run -> run.lease().end(Cause.SHUTDOWN, "the process is ending"));
    }

    private void work(String tenant) {
        Scope scope = Scope.of(tenant, "agent:" + config.role(), "run");
        Optional<AgentWake> next = store.next(scope);
        while (next.isPresent() && !stopping) {
            if (!claimAndRun(scope.withCorrelation(next.get().wakeId()), next.get())) {
                return;
            }
            next = store.next(scope);
        }
    }

    /** False when the supervisor could not be asked and the run has to wait. */
    private boolean claimAndRun(Scope scope, AgentWake stored) {
        AgentWake wake;
        try {
            wake = supervisor.claim(scope, stored);
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                Log.debugf("supervisor away, the run waits run=%s why=%s", stored.runId(), e.detail());
                return false;
            }
            Log.infof("run is not ours to take up run=%s why=%s", stored.runId(), e.detail());
            store.lost(scope, stored.runId(), e.detail());
            return true;
        }
        run(scope, wake);
        return true;
    }

    private void run(Scope scope, AgentWake wake) {
        try (KeptRun run = new KeptRun(
                        scope,
                        wake,
                        supervisor,
                        appended -> store.take(scope, wake.runId(), appended),
                        () -> sessions.steps(scope, wake.runId()),
                        config.heartbeat(),
                        config.lease(),
                        clock)
                .keep(() -> store.running(scope, wake))) {
            current.put(scope.tenant(), run);
            if (stopping) {
                run.lease().end(Cause.SHUTDOWN, "the process is ending");
            }
            try {
                doTasks(scope, run);
                unaccepted.offer(scope, run.wake());
                // What came meanwhile.
                doTasks(scope, run);
                complete(scope, run, RunComplete.Outcome.FINISHED, null);
            } catch (RunInterrupted e) {
                interrupted(scope, run, e);
            }
        } finally {
            current.remove(scope.tenant());
        }
    }

    private void doTasks(Scope scope, KeptRun run) {
        for (Optional<AgentTask> task = run.nextTask(); task.isPresent(); task = run.nextTask()) {
            run.lease().check();
            String taskId = task.get().taskId();
            TaskOutcome outcome;
            try {
                outcome = tasks.run(scope.withCorrelation(taskId), run, taskId);
            } catch (RunInterrupted e) {
                throw e;
            } catch (RuntimeException e) {
                Log.errorf(
                        e, "task failed here task=%s run=%s", taskId, run.wake().runId());
                outcome = new TaskOutcome(taskId, TaskOutcome.Outcome.FAILED, "a fault in the agent: " + e);
            }
            Log.infof("task ended task=%s outcome=%s", taskId, outcome.outcome());
            run.ended(outcome);
        }
    }

    private void interrupted(Scope scope, KeptRun run, RunInterrupted e) {
        Log.infof("run interrupted run=%s cause=%s why=%s", run.wake().runId(), e.reason(), e.getMessage());
        switch (e.reason()) {
            case LOST -> store.lost(scope, run.wake().runId(), String.valueOf(e.getMessage()));
            case STOPPED -> complete(scope, run, RunComplete.Outcome.FAILED, null);
            case SHUTDOWN -> complete(scope, run, RunComplete.Outcome.LOST, null);
            case PAUSED, UNAVAILABLE -> complete(scope, run, RunComplete.Outcome.FROZEN, e.getMessage());
        }
    }

    /**
     * Reports the run. Tasks that have not ended are reported as frozen when there is a reason to come back later, else left to the
     * supervisor to judge.
     */
    private void complete(
            Scope scope,
            KeptRun run,
            RunComplete.Outcome outcome,
            @org.jspecify.annotations.Nullable String frozenBecause) {
        if (frozenBecause != null) {
            for (Optional<AgentTask> task = run.nextTask(); task.isPresent(); task = run.nextTask()) {
                run.ended(new TaskOutcome(task.get().taskId(), TaskOutcome.Outcome.FROZEN, frozenBecause));
            }
        }
        KeptRun.Report report = run.report();
        AgentWake wake = run.wake();
        RunComplete complete = new RunComplete(wake.fence(), outcome, report.outcomes(), report.taken());
        while (true) {
            try {
                supervisor.complete(scope, wake.runId(), complete);
                store.completed(scope, wake.runId(), outcome.name().toLowerCase(java.util.Locale.ROOT));
                return;
            } catch (CapitaniaException e) {
                if (!e.code().type().retryable()) {
                    store.lost(scope, wake.runId(), e.detail());
                    return;
                }
                if (!patience(run, outcome)) {
                    store.lost(scope, wake.runId(), "the supervisor could not be told: " + e.detail());
                    return;
                }
            }
        }
    }

    /** Waits a moment for a supervisor that is away; false when there is no lease left to wait under, or no time. */
    private boolean patience(KeptRun run, RunComplete.Outcome outcome) {
        if (outcome != RunComplete.Outcome.FINISHED || stopping) {
            return false;
        }
        try {
            run.lease().pause(Duration.ofMillis(500));
            return true;
        } catch (RunInterrupted e) {
            return false;
        }
    }
}
