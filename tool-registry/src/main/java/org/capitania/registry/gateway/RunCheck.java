package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;

/** An agent acts in a run of its own role that is still current, for one of that run's tasks; a run that answers a question only reads. */
@ApplicationScoped
class RunCheck implements Check {
    private final Runs runs;

    RunCheck(Runs runs) {
        this.runs = runs;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        String runId = a.runId();
        Long fence = a.fence();
        if (a.human() || runId == null || fence == null) {
            return Optional.empty();
        }
        Optional<Run> run = standing.run();
        Optional<String> objection = runs.objection(run, a.role(), runId, fence, a.taskId());
        if (objection.isPresent()) {
            return Optional.of(
                    Refusal.of(
                            ErrorCode.FENCED,
                            objection.get(),
                            "stop here: another run may be at work; the supervisor wakes you again if there is anything to do"));
        }
        if (run.filter(Run::ask).isPresent()
                && a.definition() != null
                && !a.definition().verb(a.arguments()).scope().readOnly()) {
            ErrorCode code = a.tool().equals("hq_agent") ? ErrorCode.NESTED_ASK : ErrorCode.DENIED;
            return Optional.of(Refusal.of(
                    code,
                    a.tool() + " changes something; a run that answers a question only reads",
                    "answer from what you can read, and say what should be done; the asking agent does it"));
        }
        return Optional.empty();
    }
}
