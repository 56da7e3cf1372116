package org.capitania.supervisor.wakes;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.capitania.contract.Topics;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Gives a task its end, another try, or up: bounded by task, told once, quiet afterwards. */
@ApplicationScoped
class EndTask {
    /** What became of it. */
    enum Fate {
        ENDED,
        RETRIED,
        GIVEN_UP
    }

    private final TaskStore tasks;
    private final RunStore runs;
    private final WakesConfig config;

    EndTask(TaskStore tasks, RunStore runs, WakesConfig config) {
        this.tasks = tasks;
        this.runs = runs;
        this.config = config;
    }

    /**
     * Ends a task of a run.
     *
     * @param counts whether a failure is the task's own or an unknown one, and so an attempt
     */
    Fate apply(Tx tx, Task task, Wake.InRun wake, TaskOutcome end, boolean counts, Instant now) {
        @Nullable String reason = end.reason();
        return switch (end.outcome()) {
            case FINISHED -> over(tx, task, wake, "finished", reason, now);
            case REFUSED -> over(tx, task, wake, "refused", reason, now);
            case FROZEN -> {
                tasks.requeue(tx, task.taskId(), thaws(tx, task, wake, end.until(), now), false, reason);
                yield Fate.RETRIED;
            }
            case FAILED -> failed(tx, task, said(reason), counts, now);
            case GIVEN_UP -> giveUp(tx, task, said(reason));
        };
    }

    /** When a frozen task is due again: now if what held it is over, at the time it named, or after a pause that doubles. */
    private Instant thaws(Tx tx, Task task, Wake.InRun wake, @Nullable Instant until, Instant now) {
        if (runs.thawedMeanwhile(tx, wake.run().runId())) {
            return now;
        }
        if (until != null) {
            return until.isAfter(now) ? until : now;
        }
        return now.plus(doubled(config.frozen(), task.handovers(), config.longestFrozen()));
    }

    private Fate over(Tx tx, Task task, Wake.InRun wake, String state, @Nullable String reason, Instant now) {
        tasks.end(tx, task.taskId(), state, null, reason);
        tasks.splitUntaken(tx, task, wake.run().runId(), wake.head().wakeId(), now);
        return Fate.ENDED;
    }

    private Fate failed(Tx tx, Task task, String reason, boolean counts, Instant now) {
        boolean attempt = counts || task.handovers() >= config.handovers();
        if (!attempt) {
            tasks.requeue(tx, task.taskId(), now, false, reason);
            return Fate.RETRIED;
        }
        int attempts = task.attempts() + 1;
        if (attempts < config.attempts()) {
            tasks.requeue(
                    tx,
                    task.taskId(),
                    now.plus(doubled(config.backOff(), attempts - 1, config.longestBackOff())),
                    true,
                    reason);
            return Fate.RETRIED;
        }
        return giveUp(tx, task, reason);
    }

    private static String said(@Nullable String reason) {
        return reason == null ? "the run failed without a reason" : reason;
    }

    /** A person is named, and the task is not heard of again. */
    private Fate giveUp(Tx tx, Task task, String reason) {
        int attempts = task.attempts() + 1;
        tasks.end(tx, task.taskId(), "failed", config.person(), reason);
        AgentTaskFailed failed = new AgentTaskFailed(
                task.taskId().toString(), task.role(), task.conversationId(), attempts, config.person(), reason);
        // The agent puts away what it has left open of it, whoever else is told.
        tx.publishTo(Topics.agent(task.role()), AgentTaskFailed.GIVEN_UP, task.role(), failed);
        if (!task.bulletins()) {
            tx.publish(AgentTaskFailed.TYPE, task.taskId().toString(), failed);
        }
        Log.errorf(
                "task given up agent=%s task=%s attempts=%d person=%s",
                task.role(), task.taskId(), attempts, config.person());
        return Fate.GIVEN_UP;
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        Duration pause = first.multipliedBy(1L << Math.min(times, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
