package org.capitania.registry.effects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.effects.EffectRunner.Ending;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Ends an effect in doubt by a person's word: done, and written down where its tool is here; or never happened, which frees its business key. */
@ApplicationScoped
public class SettleEffect {
    private final Sql sql;
    private final Effects effects;
    private final EffectRunner runner;

    SettleEffect(Sql sql, Effects effects, EffectRunner runner) {
        this.sql = sql;
        this.effects = effects;
        this.runner = runner;
    }

    /** What was written down of it; empty when there is no such effect, or it did not happen. It may be called again. */
    public Optional<JsonNode> settle(
            Scope scope,
            String effectId,
            Optional<OutwardTool> tool,
            boolean happened,
            String person,
            @Nullable String note) {
        Optional<EffectRow> settled = sql.tx(scope, tx -> {
            effects.settle(tx, effectId, happened, said(happened, person, note));
            return effects.find(tx, effectId);
        });
        if (settled.isEmpty()) {
            return Optional.empty();
        }
        EffectRow row = settled.get();
        if (happened == (row.status() == EffectRow.Status.ABORTED)) {
            throw otherwise("it is " + row.status().name().toLowerCase(Locale.ROOT));
        }
        if (tool.isEmpty() || !happened) {
            return Optional.empty();
        }
        Plan plan = new Plan(row.effectId(), row.businessKey(), row.tool(), row.actor(), row.messageId(), row.effect());
        // It is done: what is left of its way is to write it down.
        return switch (runner.run(scope, tool.get(), plan, tx -> {})) {
            case Ending.Recorded recorded -> Optional.of(recorded.record());
            case Ending.Later later -> throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, later.why());
            case Ending.Aborted aborted -> throw otherwise(aborted.why());
            case Ending.Unknown unknown -> throw otherwise(unknown.why());
            case Ending.Taken taken -> throw otherwise(taken.effectId());
        };
    }

    private static CapitaniaException otherwise(String why) {
        return new CapitaniaException(ErrorCode.ALREADY_DECIDED, "somebody else has settled it otherwise: " + why);
    }

    /** A person's word as it is kept. */
    public static ObjectNode said(boolean happened, String person, @Nullable String note) {
        ObjectNode said =
                Json.MAPPER.createObjectNode().put("happened", happened).put("settled_by", person);
        return note == null ? said : said.put("note", note);
    }
}
