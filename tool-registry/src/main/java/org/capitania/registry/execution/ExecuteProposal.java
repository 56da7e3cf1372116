package org.capitania.registry.execution;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
import org.capitania.registry.effects.Steps;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.execution.Executions.Status;
import org.capitania.registry.execution.Executor.Step;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.servicekit.Scope;

/** Takes one execution as far as it goes: claim, act, report. Each part may be repeated; the row says which are behind. */
@ApplicationScoped
class ExecuteProposal {
    /** How far two clocks may be apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final Approvals approvals;
    private final Executor executor;
    private final ExecutionLog log;
    private final Steps steps;

    ExecuteProposal(Approvals approvals, Executor executor, ExecutionLog log, Steps steps) {
        this.approvals = approvals;
        this.executor = executor;
        this.log = log;
        this.steps = steps;
    }

    void run(Scope scope, Execution execution) {
        FrozenRevision frozen = log.revision(scope, execution);
        Execution at = execution;
        if (at.status() == Status.CLAIMING) {
            Optional<Execution> claimed = claim(scope, at, frozen);
            if (claimed.isEmpty()) {
                return;
            }
            at = claimed.get();
        }
        if (at.status() == Status.CLAIMED) {
            Execution claimed = at;
            switch (executor.carryOut(scope, claimed, frozen)) {
                case Step.Later(Duration after) -> {
                    log.later(scope, claimed, after);
                    return;
                }
                case Step.Ended ended -> at = conclude(scope, claimed, frozen, ended);
            }
        }
        report(scope, at, frozen);
    }

    private Optional<Execution> claim(Scope scope, Execution e, FrozenRevision frozen) {
        Claim claim;
        try {
            claim = approvals.claim(scope, e.proposalId(), frozen.callId());
        } catch (CapitaniaException refused) {
            if (refused.code().type() == ErrorType.UNAVAILABLE || refused.code().type() == ErrorType.INTERNAL) {
                log.later(scope, e, pause(e));
            } else {
                log.drop(scope, e, "it may not be claimed: " + refused.detail());
            }
            return Optional.empty();
        }
        if (claim.revision() != e.revision()) {
            log.drop(scope, e, "revision " + claim.revision() + " was approved, not this one");
            log.open(scope, e.proposalId(), claim.revision());
            return Optional.empty();
        }
        steps.reached(Steps.Step.CLAIMED, frozen.callId());
        // Before it is written down as one that may go on: whoever takes it up after a crash does not look again.
        Optional<String> objection = objection(claim, e, frozen);
        if (objection.isPresent()) {
            Log.errorf("an approval is none proposal=%s why=%s", e.proposalId(), objection.get());
            Step.Ended ended = new Step.Ended(ProposalStatus.FAILED, null, objection.get());
            report(scope, conclude(scope, e, frozen, ended), frozen);
            return Optional.empty();
        }
        return Optional.of(log.claimed(scope, e, claim));
    }

    /** What makes it no approval of exactly this call by a person, given after it was frozen (invariants 16 and 17). */
    private static Optional<String> objection(Claim claim, Execution e, FrozenRevision frozen) {
        if (!claim.proposalId().equals(e.proposalId())) {
            return Optional.of("it is the approval of another proposal");
        }
        if (!claim.decidedBy().startsWith("user:")) {
            return Optional.of("only a person approves, not " + claim.decidedBy());
        }
        if (claim.decidedAt().plus(CLOCKS).isBefore(frozen.createdAt())) {
            return Optional.of("it was approved before it was frozen");
        }
        return frozen.matches(claim.digest())
                ? Optional.empty()
                : Optional.of("the digest that was approved is not that of the frozen call");
    }

    private Execution conclude(Scope scope, Execution e, FrozenRevision frozen, Step.Ended ended) {
        Execution acted = log.concluded(scope, e, frozen, ended);
        steps.reached(Steps.Step.CONCLUDED, frozen.callId());
        return acted;
    }

    private void report(Scope scope, Execution e, FrozenRevision frozen) {
        ProposalStatus outcome = e.outcome();
        if (outcome == null) {
            throw new IllegalStateException("nothing to report of " + e.proposalId());
        }
        try {
            approvals.report(
                    scope, e.proposalId(), new ReportRequest(frozen.callId(), outcome, e.result(), e.reason()));
        } catch (CapitaniaException refused) {
            if (refused.code().type() == ErrorType.UNAVAILABLE || refused.code().type() == ErrorType.INTERNAL) {
                log.later(scope, e, pause(e));
                return;
            }
            Log.errorf("a report was refused proposal=%s why=%s", e.proposalId(), refused.detail());
        }
        log.reported(scope, e);
        steps.reached(Steps.Step.REPORTED, frozen.callId());
    }

    private static Duration pause(Execution e) {
        return Duration.ofMillis(Math.min(30_000L, 250L << Math.min(e.attempts(), 7)));
    }
}
