package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.effects.EffectRow;
import org.capitania.registry.effects.EffectRunner;
import org.capitania.registry.effects.EffectRunner.Ending;
import org.capitania.registry.effects.Effects;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.gateway.CallActs.Act;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.handler.Result;
import org.capitania.servicekit.Sql;

/** An outward act that a person asks for directly: no proposal, but the same INTENT, the same business key and the same steps. */
@ApplicationScoped
class DirectEffect {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Sql sql;
    private final Effects effects;
    private final EffectRunner runner;
    private final Patience patience;
    private final LastLook lastLook;

    DirectEffect(Sql sql, Effects effects, EffectRunner runner, Patience patience, LastLook lastLook) {
        this.sql = sql;
        this.effects = effects;
        this.runner = runner;
        this.patience = patience;
        this.lastLook = lastLook;
    }

    Act run(Call call, OutwardTool tool, boolean again) {
        Plan plan = plan(call, tool, again);
        while (true) {
            switch (runner.run(call.scope(), tool, plan, tx -> lastLook.require(tx, call))) {
                case Ending.Recorded recorded -> {
                    ObjectNode data = Json.MAPPER.createObjectNode().put("message_id", recorded.messageId());
                    data.setAll((ObjectNode) recorded.record());
                    return new Act.Done(Result.of(data));
                }
                case Ending.Later(Duration after, String why) ->
                    patience.pause(after.compareTo(LONGEST_PAUSE) < 0 ? after : LONGEST_PAUSE);
                case Ending.Aborted(String why) ->
                    throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it was not sent: " + why);
                case Ending.Unknown(String why) -> {
                    return new Act.Unknown(why);
                }
                case Ending.Taken(String other) ->
                    throw new CapitaniaException(ErrorCode.DUPLICATE, "this was sent already (" + other + ")");
            }
        }
    }

    /** What was begun is resumed as it was begun, whatever the facts are now. */
    private Plan plan(Call call, OutwardTool tool, boolean again) {
        Optional<EffectRow> begun =
                again ? sql.tx(call.scope(), tx -> effects.find(tx, call.callId())) : Optional.empty();
        if (begun.isPresent()) {
            EffectRow row = begun.get();
            return new Plan(row.effectId(), row.businessKey(), row.tool(), row.actor(), row.messageId(), row.effect());
        }
        Draft draft = patience.with(() -> tool.draft(call));
        return new Plan(
                call.callId(), draft.businessKey(), tool.tool(), call.actor(), draft.messageId(), draft.effect());
    }
}
