package org.capitania.registry.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.effects.EffectRunner;
import org.capitania.registry.effects.EffectRunner.Ending;
import org.capitania.registry.effects.Effects;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.gateway.Acts;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Carries out one claimed revision: the facts once more, then the effect; what came of it is written before anybody is told. */
@ApplicationScoped
class Executor {

    /** How an execution goes on. */
    sealed interface Step {
        /** It has come to an end, which is to be reported. */
        record Ended(
                ProposalStatus outcome,
                @Nullable JsonNode result,
                @Nullable String reason) implements Step {}

        record Later(Duration after) implements Step {}
    }

    private final Sql sql;
    private final Acts acts;
    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final Effects effects;
    private final EffectRunner runner;
    private final ExecutionGuard guard;

    Executor(
            Sql sql,
            Acts acts,
            Catalogue catalogue,
            OutsideTools outside,
            Effects effects,
            EffectRunner runner,
            ExecutionGuard guard) {
        this.sql = sql;
        this.acts = acts;
        this.catalogue = catalogue;
        this.outside = outside;
        this.effects = effects;
        this.runner = runner;
        this.guard = guard;
    }

    Step carryOut(Scope scope, Execution execution, FrozenRevision frozen) {
        Optional<OutwardTool> tool = catalogue
                .find(frozen.tool())
                .or(() -> outside.find(scope, frozen.tool()))
                .flatMap(definition -> acts.of(definition, definition.verb(frozen.arguments())));
        String effectId = frozen.effectId();
        boolean begun = sql.tx(scope, tx -> effects.find(tx, effectId)).isPresent();
        if (tool.isEmpty()) {
            return new Step.Ended(
                    begun ? ProposalStatus.UNKNOWN : ProposalStatus.FAILED,
                    null,
                    "no tool " + frozen.tool() + " is here to carry it out" + (begun ? ", and it was begun" : ""));
        }
        // The actor of what follows is the agent whose call it was; why it may, stands in the reason.
        Scope acting = scope.withActor(frozen.agent())
                .withReason("approved by " + execution.decidedBy())
                .withCorrelation(frozen.taskId())
                .withCausation(frozen.proposalId());
        try {
            Optional<Step.Ended> over = begun ? Optional.empty() : guard.over(scope, execution, frozen, tool.get());
            if (over.isPresent()) {
                return over.get();
            }
            Plan plan = new Plan(
                    effectId,
                    frozen.businessKey(),
                    frozen.tool(),
                    frozen.agent(),
                    frozen.messageId(),
                    tool.get().approved(frozen.effect(), frozen.proposalId(), String.valueOf(execution.decidedBy())));
            return ending(
                    scope,
                    execution,
                    frozen,
                    tool.get(),
                    runner.run(acting, tool.get(), plan, admission(scope, execution, frozen, tool.get())));
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                Log.debugf("execution waits proposal=%s why=%s", frozen.proposalId(), e.detail());
                return new Step.Later(Duration.ofSeconds(e.code() == ErrorCode.SAFETY_SERVICE_DOWN ? 1 : 2));
            }
            throw e;
        }
    }

    /** What is asked in front of each attempt. */
    private EffectRunner.Admission admission(
            Scope scope, Execution execution, FrozenRevision frozen, OutwardTool tool) {
        return new EffectRunner.Admission() {
            @Override
            public void mayBegin(Tx tx) {
                guard.mayBegin(tx, execution, frozen);
            }

            @Override
            public Optional<String> over() {
                return guard.over(scope, execution, frozen, tool).map(ended -> String.valueOf(ended.reason()));
            }
        };
    }

    private Step ending(Scope scope, Execution execution, FrozenRevision frozen, OutwardTool tool, Ending ending) {
        return switch (ending) {
            case Ending.Recorded(String messageId, JsonNode receipt, JsonNode record) -> {
                ObjectNode result = Json.MAPPER.createObjectNode();
                if (!messageId.isEmpty()) {
                    result.put("message_id", messageId);
                }
                result.setAll((ObjectNode) (record.isEmpty() ? receipt : record));
                yield new Step.Ended(ProposalStatus.EXECUTED, result, null);
            }
            case Ending.Later(Duration after, String why) -> {
                Log.infof("an effect is not at its end yet why=%s", why);
                yield new Step.Later(after);
            }
            case Ending.Aborted(String why) ->
                guard.over(scope, execution, frozen, tool)
                        .filter(over -> why.equals(over.reason())
                                || guard.changed(scope, frozen, tool).isPresent())
                        .orElseGet(() -> new Step.Ended(ProposalStatus.FAILED, null, why));
            case Ending.Unknown(String why) -> new Step.Ended(ProposalStatus.UNKNOWN, null, why);
            case Ending.Taken(String other) ->
                new Step.Ended(ProposalStatus.FAILED, null, "the same was done already (" + other + ")");
        };
    }
}
