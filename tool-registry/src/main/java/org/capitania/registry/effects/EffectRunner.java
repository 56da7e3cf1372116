package org.capitania.registry.effects;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.registry.effects.EffectRow.Status;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.effects.Steps.Step;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Takes an outward act one or more steps on: INTENT, act, DONE, record. It may be called any number of times, after a crash at any point,
 * and acts at most once; where it cannot know whether an earlier attempt left, it looks, and where looking cannot tell, it stops.
 */
@ApplicationScoped
public class EffectRunner {
    private static final int ATTEMPTS = 8;

    /** Where the act stands after this call. */
    public sealed interface Ending {
        /** It is done and written down. */
        record Recorded(String messageId, JsonNode receipt, JsonNode record) implements Ending {}

        /** Not at its end; call again after a while. */
        record Later(Duration after, String why) implements Ending {}

        /** It surely never left, and is not tried again. */
        record Aborted(String why) implements Ending {}

        /** Nobody can tell whether it left. */
        record Unknown(String why) implements Ending {}

        /** Another act stands for the same business key. */
        record Taken(String effectId) implements Ending {}
    }

    private final Sql sql;
    private final Effects effects;
    private final Steps steps;

    EffectRunner(Sql sql, Effects effects, Steps steps) {
        this.sql = sql;
        this.effects = effects;
        this.steps = steps;
    }

    /** What is asked before an act begins, and before it begins again. */
    @FunctionalInterface
    public interface Admission {
        /** Throws when it may not begin now; in the transaction of its INTENT. */
        void mayBegin(Tx tx);

        /** Why it is not tried again, though it surely has not happened; empty when it may be. */
        default Optional<String> over() {
            return Optional.empty();
        }
    }

    /** Goes as far as it can. */
    public Ending run(Scope scope, OutwardTool tool, Plan plan, Admission admission) {
        boolean fresh = sql.tx(scope, tx -> {
            if (effects.find(tx, plan.effectId()).isPresent()) {
                return false;
            }
            admission.mayBegin(tx);
            return effects.intend(tx, plan);
        });
        Optional<EffectRow> found = sql.tx(scope, tx -> effects.find(tx, plan.effectId()));
        if (found.isEmpty()) {
            return new Ending.Taken(sql.tx(scope, tx -> effects.standing(tx, plan.businessKey()))
                    .map(EffectRow::effectId)
                    .orElse(plan.businessKey()));
        }
        EffectRow row = found.get();
        if (fresh) {
            steps.reached(Step.INTENT, plan.effectId());
            return act(scope, tool, row);
        }
        return switch (row.status()) {
            case INTENT -> resolve(scope, tool, row, admission);
            case WAITING -> again(scope, tool, row, admission, false);
            case DONE -> record(scope, tool, row);
            case RECORDED -> recorded(row);
            case ABORTED -> new Ending.Aborted(why(row));
            case UNKNOWN -> new Ending.Unknown(why(row));
        };
    }

    private Ending act(Scope scope, OutwardTool tool, EffectRow row) {
        Delivery delivery = tool.perform(scope, row.effect());
        steps.reached(Step.ACTED, row.effectId());
        return switch (delivery) {
            case Delivery.Sent(JsonNode receipt) -> done(scope, tool, row, receipt);
            case Delivery.NotSent(String why, boolean again) -> {
                boolean more = again && row.attempts() < ATTEMPTS;
                if (!more) {
                    yield givenUp(scope, row, row.unsure(), why);
                }
                sql.run(scope, tx -> effects.ends(tx, row.effectId(), Status.WAITING, why));
                yield new Ending.Later(pause(row.attempts()), why);
            }
            case Delivery.InDoubt(String why) -> {
                sql.run(scope, tx -> effects.doubt(tx, row.effectId(), why));
                yield new Ending.Later(pause(row.attempts() - 1), why);
            }
        };
    }

    /** It is not tried again: it never happened, or nobody can tell whether an attempt without an answer did it. */
    private Ending givenUp(Scope scope, EffectRow row, boolean unsure, String why) {
        String said = unsure ? "an earlier try was not answered, and may have done it; the last one: " + why : why;
        sql.run(scope, tx -> effects.ends(tx, row.effectId(), unsure ? Status.UNKNOWN : Status.ABORTED, said));
        return unsure ? new Ending.Unknown(said) : new Ending.Aborted(said);
    }

    /** An INTENT without an end: the process, or the line, died in between. */
    private Ending resolve(Scope scope, OutwardTool tool, EffectRow row, Admission admission) {
        Duration doubted = sql.tx(scope, tx -> {
                    effects.doubt(tx, row.effectId(), "the gateway stopped while it was on its way");
                    return effects.find(tx, row.effectId());
                })
                .orElse(row)
                .doubted();
        return switch (tool.look(scope, row.effect(), doubted)) {
            case FOUND -> done(scope, tool, row, Json.MAPPER.createObjectNode().put("found", true));
            case ABSENT -> again(scope, tool, row, admission, false);
            case REPEATABLE -> again(scope, tool, row, admission, true);
            case TOO_EARLY -> new Ending.Later(Duration.ofSeconds(1), "it is too early to tell whether it left");
            case UNKNOWABLE -> {
                String why = "the gateway stopped while it was on its way, and nothing here can tell whether it left";
                sql.run(scope, tx -> effects.ends(tx, row.effectId(), Status.UNKNOWN, why));
                yield new Ending.Unknown(why);
            }
        };
    }

    private Ending again(Scope scope, OutwardTool tool, EffectRow row, Admission admission, boolean doubtful) {
        boolean unsure = doubtful || row.unsure();
        Optional<String> over = Optional.empty();
        if (row.attempts() >= ATTEMPTS) {
            over = Optional.of("it was tried " + row.attempts() + " times; " + why(row));
        } else if (!unsure) {
            // Otherwise what it rests on may be another because of itself.
            over = admission.over();
        }
        if (over.isPresent()) {
            return givenUp(scope, row, unsure, over.get());
        }
        sql.run(scope, tx -> {
            admission.mayBegin(tx);
            effects.intendAgain(tx, row.effectId(), doubtful);
        });
        steps.reached(Step.INTENT, row.effectId());
        return act(
                scope,
                tool,
                sql.tx(scope, tx -> effects.find(tx, row.effectId())).orElse(row));
    }

    private Ending done(Scope scope, OutwardTool tool, EffectRow row, JsonNode receipt) {
        sql.run(scope, tx -> effects.done(tx, row.effectId(), receipt));
        steps.reached(Step.DONE, row.effectId());
        return record(
                scope,
                tool,
                sql.tx(scope, tx -> effects.find(tx, row.effectId())).orElse(row));
    }

    private Ending record(Scope scope, OutwardTool tool, EffectRow row) {
        JsonNode record;
        try {
            record = tool.record(scope, row.effectId(), row.effect(), row.begunAt());
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                return new Ending.Later(Duration.ofSeconds(1), "it is done but not written down yet: " + e.detail());
            }
            // It cannot be undone and must not be done again: it ends here, and a person hears of it.
            Log.errorf("an effect could not be recorded in the graph effect=%s why=%s", row.effectId(), e.detail());
            record = Json.MAPPER.createObjectNode().put("not_recorded", e.detail());
        }
        JsonNode written = record;
        sql.run(scope, tx -> effects.recorded(tx, row.effectId(), written));
        steps.reached(Step.RECORDED, row.effectId());
        return sql.tx(scope, tx -> effects.find(tx, row.effectId()))
                .map(EffectRunner::recorded)
                .orElseThrow();
    }

    private static Ending recorded(EffectRow row) {
        JsonNode nothing = Json.MAPPER.createObjectNode();
        return new Ending.Recorded(
                row.messageId(),
                row.receipt() == null ? nothing : row.receipt(),
                row.record() == null ? nothing : row.record());
    }

    private static String why(EffectRow row) {
        return row.reason() == null ? "no reason was noted" : row.reason();
    }

    private static Duration pause(int attempts) {
        return Duration.ofSeconds(Math.min(60, 1L << Math.min(attempts, 6)));
    }
}
