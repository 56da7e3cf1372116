package org.capitania.registry.effects;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The table {@code effects}: one act per business key, unless an earlier one surely never left. */
@ApplicationScoped
public class Effects {

    /**
     * An act to be done.
     *
     * @param effectId names it for ever: what resumes it must come with the same
     */
    public record Plan(
            String effectId, String businessKey, String tool, String actor, String messageId, JsonNode effect) {}

    /** The act of this id. */
    public Optional<EffectRow> find(Tx tx, String effectId) {
        return tx.one("SELECT " + EffectRow.COLUMNS + " FROM effects WHERE effect_id = $1", effectId)
                .map(EffectRow::read);
    }

    /** The act that stands for a business key: under way, done, or in doubt. */
    public Optional<EffectRow> standing(Tx tx, String businessKey) {
        return tx.one(
                        "SELECT " + EffectRow.COLUMNS + " FROM effects WHERE business_key = $1 AND status <> 'aborted'",
                        businessKey)
                .map(EffectRow::read);
    }

    /** The letters of an agent that have left, or may have: those it sent in a task without asking, and all that answer a message. */
    public List<JsonNode> letters(Tx tx, String actor, @Nullable String taskId, @Nullable String interactionId) {
        List<JsonNode> letters = new ArrayList<>();
        tx.query("""
                        SELECT e.effect::text AS effect FROM effects e
                         WHERE e.tool = 'email_send' AND e.status <> 'aborted' AND e.actor = $1 AND e.effect ->> 'interaction_id' = $3
                        UNION ALL
                        SELECT e.effect::text FROM calls c JOIN effects e ON e.tenant_id = c.tenant_id AND e.effect_id = c.call_id
                         WHERE c.task_id = $2 AND c.tool = 'email_send' AND e.status <> 'aborted' AND e.actor = $1
                        """, actor, taskId, interactionId)
                .forEach(row -> letters.add(Json.read(row.getString("effect"), JsonNode.class)));
        return letters;
    }

    /** Writes INTENT; false when an act stands for the business key already. */
    boolean intend(Tx tx, Plan plan) {
        return tx.execute(
                        """
                        INSERT INTO effects (effect_id, business_key, tool, actor, message_id, effect, status)
                        VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, 'intent')
                        ON CONFLICT (tenant_id, business_key) WHERE status <> 'aborted' DO NOTHING
                        """,
                        plan.effectId(),
                        plan.businessKey(),
                        plan.tool(),
                        plan.actor(),
                        plan.messageId(),
                        plan.effect().toString())
                == 1;
    }

    /**
     * INTENT once more.
     *
     * @param unsure whether the last attempt may have done it
     */
    void intendAgain(Tx tx, String effectId, boolean unsure) {
        tx.execute("""
                UPDATE effects SET status = 'intent', attempts = attempts + 1, intent_at = clock_timestamp(), doubt_at = NULL, reason = NULL,
                                   unsure = unsure OR $2
                 WHERE effect_id = $1 AND status IN ('intent', 'waiting')
                """, effectId, unsure);
    }

    /** Nobody knows how its last attempt ended: from now on at the latest it is over. */
    void doubt(Tx tx, String effectId, String why) {
        tx.execute(
                "UPDATE effects SET doubt_at = clock_timestamp(), reason = $2 WHERE effect_id = $1 AND status = 'intent' AND doubt_at IS NULL",
                effectId,
                why);
    }

    void done(Tx tx, String effectId, JsonNode receipt) {
        tx.execute(
                "UPDATE effects SET status = 'done', receipt = $2::text::jsonb, done_at = clock_timestamp() WHERE effect_id = $1 AND status = 'intent'",
                effectId,
                receipt.toString());
    }

    /** Ends one that is in doubt, or was given up before anybody looked, as a person says it ended. */
    void settle(Tx tx, String effectId, boolean happened, JsonNode said) {
        ends(tx, effectId, EffectRow.Status.UNKNOWN, "nobody could tell whether it left");
        tx.execute("""
                UPDATE effects
                   SET status = CASE WHEN $2 THEN 'done' ELSE 'aborted' END, receipt = CASE WHEN $2 THEN $3::text::jsonb ELSE receipt END,
                       done_at = CASE WHEN $2 THEN clock_timestamp() ELSE done_at END, reason = CASE WHEN $2 THEN reason ELSE $3 END
                 WHERE effect_id = $1 AND status = 'unknown'
                """, effectId, happened, said.toString());
    }

    void recorded(Tx tx, String effectId, JsonNode record) {
        tx.execute("""
                UPDATE effects SET status = 'recorded', record = $2::text::jsonb, recorded_at = clock_timestamp()
                 WHERE effect_id = $1 AND status = 'done'
                """, effectId, record.toString());
    }

    void ends(Tx tx, String effectId, EffectRow.Status status, String reason) {
        tx.execute(
                "UPDATE effects SET status = $2, reason = $3 WHERE effect_id = $1 AND status IN ('intent', 'waiting')",
                effectId,
                status.name().toLowerCase(Locale.ROOT),
                reason);
    }
}
