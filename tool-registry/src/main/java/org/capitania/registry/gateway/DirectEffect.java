package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.effects.EffectRow;
import org.capitania.registry.effects.EffectRunner;
import org.capitania.registry.effects.EffectRunner.Ending;
import org.capitania.registry.effects.Effects;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.gateway.CallActs.Act;
import org.capitania.registry.graduation.Graduations;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.GatewayStopping;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.handler.Result;
import org.capitania.registry.runs.Guardians;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * An outward act that is done without a proposal: a person asks for it, or the owner has graduated it. It takes the same INTENT, the same
 * business key and the same steps.
 */
@ApplicationScoped
class DirectEffect {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Sql sql;
    private final Effects effects;
    private final EffectRunner runner;
    private final Patience patience;
    private final LastLook lastLook;
    private final Guardians guardians;
    private final Graduations graduations;

    DirectEffect(
            Sql sql,
            Effects effects,
            EffectRunner runner,
            Patience patience,
            LastLook lastLook,
            Guardians guardians,
            Graduations graduations) {
        this.sql = sql;
        this.effects = effects;
        this.runner = runner;
        this.patience = patience;
        this.lastLook = lastLook;
        this.guardians = guardians;
        this.graduations = graduations;
    }

    /** Whether the act of this call was begun before. */
    boolean begun(Call call) {
        return sql.tx(call.scope(), tx -> effects.find(tx, call.callId())).isPresent();
    }

    /** Why a graduated act needs the owner all the same; empty when it does not. */
    Optional<String> objection(Call call, Draft draft) {
        return sql.tx(call.scope(), tx -> graduations.tainted(tx, call, draft));
    }

    Act run(Call call, OutwardTool tool, Draft draft) {
        Plan plan = new Plan(
                call.callId(), draft.businessKey(), tool.tool(), call.actor(), draft.messageId(), draft.effect());
        return carryOut(call, tool, plan, admission(call, Optional.of(draft)), false);
    }

    /** Takes to its end what was begun, as it was begun, whatever the facts are now. */
    Act resume(Call call, OutwardTool tool) {
        EffectRow row =
                sql.tx(call.scope(), tx -> effects.find(tx, call.callId())).orElseThrow();
        Plan plan = new Plan(row.effectId(), row.businessKey(), row.tool(), row.actor(), row.messageId(), row.effect());
        return carryOut(call, tool, plan, admission(call, Optional.empty()), true);
    }

    private EffectRunner.Admission admission(Call call, Optional<Draft> draft) {
        return new EffectRunner.Admission() {
            @Override
            public void mayBegin(Tx tx) {
                DirectEffect.this.mayBegin(tx, call, draft);
            }

            /** What was taken back meanwhile is not tried again. */
            @Override
            public Optional<String> over() {
                return call.human() ? Optional.empty() : sql.tx(call.scope(), tx -> DirectEffect.this.over(tx, call));
            }
        };
    }

    private Optional<String> over(Tx tx, Call call) {
        if (lastLook.runIsOver(tx, call)) {
            return Optional.of("its run is over, and it had not happened by then");
        }
        return call.verb().risk() == Risk.DIRECT || graduations.covers(tx, call)
                ? Optional.empty()
                : Optional.of("the owner has to be asked for it by now");
    }

    /** In the transaction of each INTENT: what let the call through must still hold. What it was composed to is there only at the first. */
    private void mayBegin(Tx tx, Call call, Optional<Draft> draft) {
        if (call.human()) {
            return;
        }
        lastLook.require(tx, call);
        if (call.verb().risk() == Risk.DIRECT) {
            return;
        }
        List<String> silent = guardians.silent(tx);
        if (!silent.isEmpty()) {
            throw new CapitaniaException(ErrorCode.SAFETY_SERVICE_DOWN, "no sign of life of " + silent)
                    .withHint("nothing is sent while nobody watches; try again later under a new call id");
        }
        if (!graduations.covers(tx, call)
                || draft.flatMap(d -> graduations.tainted(tx, call, d)).isPresent()) {
            throw new CapitaniaException(
                            ErrorCode.PROPOSAL_REQUIRED, tool(call) + " may not be done without the owner any more")
                    .withHint("call it again under a new call id: it becomes a proposal");
        }
    }

    /** Also where that cannot be told now: whoever takes the call up again finds out. */
    private boolean mayHaveBegun(Call call) {
        try {
            return begun(call);
        } catch (RuntimeException e) {
            Log.debugf(e, "whether an act was begun is found out later call=%s", call.callId());
            return true;
        }
    }

    private static CapitaniaException stopped(Call call, RuntimeException e) {
        Log.warnf(e, "an act stopped on its way call=%s", call.callId());
        return new CapitaniaException(
                ErrorCode.PEER_UNAVAILABLE, "it stopped on its way; ask again under the same call id", e);
    }

    private static String tool(Call call) {
        return call.tool().name();
    }

    private Act carryOut(Call call, OutwardTool tool, Plan plan, EffectRunner.Admission admission, boolean begun) {
        boolean under = begun;
        while (true) {
            Ending ending;
            try {
                ending = runner.run(call.scope(), tool, plan, admission);
            } catch (GatewayStopping e) {
                throw e;
            } catch (RuntimeException e) {
                if (under || mayHaveBegun(call)) {
                    throw new HeldBack(e instanceof CapitaniaException said ? said : stopped(call, e));
                }
                throw e;
            }
            under = true;
            switch (ending) {
                case Ending.Recorded recorded -> {
                    ObjectNode data = Json.MAPPER.createObjectNode();
                    if (!recorded.messageId().isEmpty()) {
                        data.put("message_id", recorded.messageId());
                    }
                    data.setAll((ObjectNode) recorded.record());
                    return new Act.Done(Result.of(data));
                }
                case Ending.Later(Duration after, String why) ->
                    patience.pause(after.compareTo(LONGEST_PAUSE) < 0 ? after : LONGEST_PAUSE);
                case Ending.Aborted(String why) ->
                    throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it was not done: " + why);
                case Ending.Unknown(String why) -> {
                    return new Act.Unknown(why);
                }
                case Ending.Taken(String other) ->
                    throw new CapitaniaException(ErrorCode.DUPLICATE, "this was sent already (" + other + ")");
            }
        }
    }
}
