package org.capitania.registry.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.Claim;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.execution.Executions.Status;
import org.capitania.registry.execution.Executor.Step;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.ledger.Target;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Each step of an execution as one transaction, with the ledger's event where it is an act. A lost lease stops whoever lost it. */
@ApplicationScoped
class ExecutionLog {
    private final Sql sql;
    private final Clock clock;
    private final Executions executions;
    private final FrozenCalls frozenCalls;
    private final Scrubber scrubber;

    ExecutionLog(Sql sql, Clock clock, Executions executions, FrozenCalls frozenCalls, Scrubber scrubber) {
        this.sql = sql;
        this.clock = clock;
        this.executions = executions;
        this.frozenCalls = frozenCalls;
        this.scrubber = scrubber;
    }

    FrozenRevision revision(Scope scope, Execution e) {
        return sql.tx(scope, tx -> frozenCalls.find(tx, e.proposalId(), e.revision()))
                .orElseThrow(() -> new IllegalStateException("no frozen call " + e.proposalId()));
    }

    void open(Scope scope, String proposalId, int revision) {
        sql.run(scope, tx -> executions.open(tx, proposalId, revision));
    }

    Execution claimed(Scope scope, Execution e, Claim claim) {
        held(e, sql.tx(scope, tx -> executions.claimed(tx, e, claim.decidedBy(), claim.expiresAt())));
        return new Execution(
                e.proposalId(),
                e.revision(),
                Status.CLAIMED,
                null,
                null,
                null,
                claim.decidedBy(),
                claim.expiresAt(),
                e.attempts(),
                e.lease());
    }

    Execution concluded(Scope scope, Execution e, FrozenRevision frozen, Step.Ended said) {
        Step.Ended ended = new Step.Ended(
                said.outcome(),
                said.result() == null ? null : scrubber.clean(said.result()),
                said.reason() == null ? null : scrubber.clean(said.reason()));
        held(e, sql.tx(scope.withCorrelation(frozen.taskId()).withCausation(frozen.proposalId()), tx -> {
            boolean ours = executions.acted(tx, e, ended.outcome(), ended.result(), ended.reason());
            if (ours) {
                LedgerAction action = action(frozen, e, ended, executions.took(tx, e, frozen.effectId()));
                tx.publish(LedgerAction.TYPE, frozen.callId(), scrubber.clean(Json.tree(action)));
            }
            return ours;
        }));
        return new Execution(
                e.proposalId(),
                e.revision(),
                Status.ACTED,
                ended.outcome(),
                ended.result(),
                ended.reason(),
                e.decidedBy(),
                e.expiresAt(),
                0,
                e.lease());
    }

    /** What a person says of one that was in doubt; false when it is not any more. */
    boolean settled(Scope scope, Execution e, FrozenRevision frozen, Step.Ended said) {
        return sql.tx(scope, tx -> {
            boolean settled = executions.settled(tx, e, said.outcome(), said.result(), said.reason());
            if (settled) {
                LedgerAction action = action(frozen, e, said, executions.took(tx, e, frozen.effectId()));
                tx.publish(LedgerAction.TYPE, frozen.callId(), scrubber.clean(Json.tree(action)));
            }
            return settled;
        });
    }

    void reported(Scope scope, Execution e) {
        sql.run(scope, tx -> executions.ends(tx, e, Status.REPORTED, null));
    }

    void drop(Scope scope, Execution e, String why) {
        Log.warnf("an execution is dropped proposal=%s revision=%d why=%s", e.proposalId(), e.revision(), why);
        sql.run(scope, tx -> executions.ends(tx, e, Status.DROPPED, why));
    }

    void later(Scope scope, Execution e, Duration after) {
        sql.run(scope, tx -> executions.later(tx, e, after));
    }

    private LedgerAction action(FrozenRevision frozen, Execution e, Step.Ended ended, long tookMs) {
        JsonNode output = ended.result() != null
                ? ended.result()
                : Json.MAPPER.createObjectNode().put("reason", ended.reason());
        Target target = Target.of(frozen.tool(), frozen.arguments(), output).orElse(null);
        return new LedgerAction(
                frozen.callId(),
                frozen.agent(),
                frozen.sessionId(),
                frozen.taskId(),
                null,
                frozen.tool(),
                step(ended, e.revision()),
                frozen.arguments(),
                output,
                null,
                BigDecimal.ZERO,
                tookMs,
                clock.instant(),
                null,
                frozen.arguments().path("action").asText(frozen.tool()),
                target == null ? null : target.kind(),
                target == null ? null : target.id(),
                output.path("audit_event_id").asText(null),
                null,
                null,
                approver(e));
    }

    /** Nobody but a person approves, whatever a claim says. */
    private static @Nullable String approver(Execution e) {
        String decidedBy = e.decidedBy();
        return decidedBy != null && decidedBy.startsWith("user:") ? decidedBy : null;
    }

    /** A step of its own in the ledger, also when a second revision ends like the first. */
    private static String step(Step.Ended ended, int revision) {
        return revision == 1 ? ended.outcome().wire() : ended.outcome().wire() + ":" + revision;
    }

    private static void held(Execution e, boolean ours) {
        if (!ours) {
            throw new CapitaniaException(ErrorCode.LEASE_LOST, "another process carries out " + e.proposalId());
        }
    }
}
