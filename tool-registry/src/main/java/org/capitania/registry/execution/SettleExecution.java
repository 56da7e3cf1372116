package org.capitania.registry.execution;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.effects.SettleEffect;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.execution.Executor.Step;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.gateway.Acts;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Ends an approved act that is in doubt as a person says it ended; approval-service is told on the usual way. */
@ApplicationScoped
public class SettleExecution {
    private final Sql sql;
    private final Executions executions;
    private final ExecutionLog log;
    private final SettleEffect effects;
    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final Acts acts;
    private final Loops loops;

    SettleExecution(
            Sql sql,
            Executions executions,
            ExecutionLog log,
            SettleEffect effects,
            Catalogue catalogue,
            OutsideTools outside,
            Acts acts,
            Loops loops) {
        this.sql = sql;
        this.executions = executions;
        this.log = log;
        this.effects = effects;
        this.catalogue = catalogue;
        this.outside = outside;
        this.acts = acts;
        this.loops = loops;
    }

    /** False when no such proposal is in doubt. */
    public boolean settle(Scope scope, String proposalId, boolean happened, @Nullable String note) {
        Optional<Execution> found = sql.tx(scope, tx -> executions.doubtful(tx, proposalId));
        if (found.isEmpty()) {
            return false;
        }
        Execution execution = found.get();
        FrozenRevision frozen = log.revision(scope, execution);
        Optional<OutwardTool> tool = catalogue
                .find(frozen.tool())
                .or(() -> outside.find(scope, frozen.tool()))
                .flatMap(definition -> acts.of(definition, definition.verb(frozen.arguments())));
        Scope acting = scope.withActor(frozen.agent())
                .withReason("settled by " + scope.actor())
                .withCorrelation(frozen.taskId())
                .withCausation(proposalId);
        ObjectNode said = SettleEffect.said(happened, scope.actor(), note);
        effects.settle(acting, frozen.effectId(), tool, happened, scope.actor(), note)
                .ifPresent(record -> said.setAll((ObjectNode) record));
        String why = "it was not done, as " + scope.actor() + " found" + (note == null ? "" : ": " + note);
        boolean settled = log.settled(
                acting,
                execution,
                frozen,
                happened
                        ? new Step.Ended(ProposalStatus.EXECUTED, said, null)
                        : new Step.Ended(ProposalStatus.FAILED, said, why));
        loops.wake(ExecutionLoop.NAME);
        return settled;
    }
}
