package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.TaskOutcome.Outcome;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** A run reports that it is over. A late report with an old fence changes nothing; the same report twice is one. */
@ApplicationScoped
class CompleteRun {
    private static final Set<String> REPORTED = Set.of("finished", "failed", "frozen", "given_up");

    private final Sql sql;
    private final Stores stores;
    private final AgentStore agents;
    private final SettleRun settle;
    private final Bells bells;

    CompleteRun(Sql sql, Stores stores, AgentStore agents, SettleRun settle, Bells bells) {
        this.sql = sql;
        this.stores = stores;
        this.agents = agents;
        this.settle = settle;
        this.bells = bells;
    }

    RunComplete.Completed complete(Scope scope, UUID runId, RunComplete report) {
        return sql.tx(scope, tx -> complete(tx, runId, report));
    }

    private RunComplete.Completed complete(Tx tx, UUID runId, RunComplete report) {
        Run seen = stores.runs().get(tx, runId);
        Authority.require(tx, seen.role());
        agents.lock(tx, seen.role());
        Run run = stores.runs().get(tx, runId);
        if (run.fence() != report.fence()) {
            throw new CapitaniaException(
                    ErrorCode.FENCED, "run " + runId + " has fence " + run.fence() + ", not " + report.fence());
        }
        if (REPORTED.contains(run.state())) {
            return answer(tx, run);
        }
        Wake.Run current = new Wake.Run(runId, run.fence());
        if (!(stores.wakes().get(tx, run.wakeId()) instanceof Wake.Running wake)
                || !wake.run().equals(current)
                || !stores.leases().holder(tx, run.role()).is(current)) {
            throw LeaseLost.of(runId, report.fence());
        }
        settle.settle(tx, wake, end(run, report));
        agents.touch(tx, run.role());
        bells.all(tx);
        return answer(tx, stores.runs().get(tx, runId));
    }

    private static SettleRun.End end(Run run, RunComplete report) {
        List<String> taken = report.taken() == null ? List.of() : report.taken();
        String stop = run.stop();
        // What a person stopped has not failed.
        boolean counts = stop == null || run.stopIsAFault();
        return switch (report.outcome()) {
            case FINISHED ->
                new SettleRun.End(
                        "finished",
                        stop == null ? "in good order" : "stopped: " + stop,
                        stop == null ? "the run ended without an outcome for the task" : "stopped: " + stop,
                        counts,
                        Outcome.FAILED,
                        report.tasks(),
                        taken);
            case FAILED ->
                new SettleRun.End(
                        "failed",
                        stop == null ? "the run failed" : "stopped: " + stop,
                        counts,
                        Outcome.FAILED,
                        report.tasks(),
                        taken);
            case FROZEN ->
                new SettleRun.End("frozen", "a cap or a freeze", false, Outcome.FROZEN, report.tasks(), taken);
            case LOST ->
                new SettleRun.End("given_up", "the process gave it up", false, Outcome.FAILED, report.tasks(), taken);
        };
    }

    private RunComplete.Completed answer(Tx tx, Run run) {
        String next = stores.wakes()
                .active(tx, run.role())
                .map(wake -> wake.head().wakeId().toString())
                .orElse(null);
        return new RunComplete.Completed(run.runId().toString(), run.state(), next);
    }
}
