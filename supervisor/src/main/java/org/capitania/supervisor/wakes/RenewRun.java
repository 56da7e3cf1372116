package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/** A heartbeat: renews the lease, notes progress, ends tasks, and brings what has come meanwhile. */
@ApplicationScoped
class RenewRun {
    private final Sql sql;
    private final Stores stores;
    private final AgentStore agents;
    private final EndTask endTask;
    private final Admission admission;
    private final RunDelivery delivery;
    private final WakesConfig config;

    RenewRun(
            Sql sql,
            Stores stores,
            AgentStore agents,
            EndTask endTask,
            Admission admission,
            RunDelivery delivery,
            WakesConfig config) {
        this.sql = sql;
        this.stores = stores;
        this.agents = agents;
        this.endTask = endTask;
        this.admission = admission;
        this.delivery = delivery;
        this.config = config;
    }

    private record Kept(
            Wake.Running wake,
            Instant until,
            boolean stop,
            @Nullable Instant freshFrom) {}

    RunHeartbeat.Renewed renew(Scope scope, UUID runId, RunHeartbeat heartbeat) {
        Kept kept = sql.tx(scope, tx -> keep(tx, runId, heartbeat));
        return new RunHeartbeat.Renewed(
                kept.until(),
                delivery.untaken(scope, kept.wake()),
                kept.stop() ? RunHeartbeat.Command.STOP : null,
                kept.freshFrom());
    }

    private Kept keep(Tx tx, UUID runId, RunHeartbeat heartbeat) {
        Run seen = stores.runs().get(tx, runId);
        Authority.require(tx, seen.role());
        Agent agent = agents.lock(tx, seen.role());
        Wake.Running wake = current(tx, runId, heartbeat.fence());
        Instant until = stores.leases()
                .renew(tx, seen.role(), wake.run(), config.lease())
                .orElseThrow(() -> LeaseLost.of(runId, heartbeat.fence()));
        stores.runs().heartbeat(tx, runId, heartbeat.steps());
        stores.tasks().taken(tx, runId, heartbeat.taken() == null ? List.of() : heartbeat.taken());
        end(tx, wake, heartbeat.ended() == null ? List.of() : heartbeat.ended());
        agents.touch(tx, seen.role());
        return new Kept(wake, until, stores.runs().get(tx, runId).stop() != null, agent.freshFrom());
    }

    private void end(Tx tx, Wake.Running wake, List<TaskOutcome> ended) {
        if (ended.isEmpty()) {
            return;
        }
        Instant now = stores.wakes().now(tx);
        List<Task> running = stores.tasks().running(tx, wake.run().runId());
        for (TaskOutcome outcome : ended) {
            // One that is not running was reported before: the answer to that heartbeat was lost.
            running.stream()
                    .filter(task -> task.taskId().toString().equals(outcome.taskId()))
                    .forEach(task -> endTask.apply(tx, task, wake, outcome, true, now));
        }
        int room = config.tasksPerRun()
                - stores.tasks().ofRun(tx, wake.head().wakeId(), wake.run().runId());
        if (room > 0) {
            stores.tasks()
                    .bindDue(
                            tx,
                            wake.head().role(),
                            wake.head().wakeId(),
                            wake.run().runId(),
                            now,
                            admission.now(tx.scope().tenant(), wake.head().role()),
                            room);
        }
    }

    private Wake.Running current(Tx tx, UUID runId, long fence) {
        Run run = stores.runs().get(tx, runId);
        if (run.fence() != fence) {
            throw new CapitaniaException(
                    ErrorCode.FENCED, "run " + runId + " has fence " + run.fence() + ", not " + fence);
        }
        if (stores.wakes().get(tx, run.wakeId()) instanceof Wake.Running wake
                && wake.run().equals(new Wake.Run(runId, fence))) {
            return wake;
        }
        throw LeaseLost.of(runId, fence);
    }
}
