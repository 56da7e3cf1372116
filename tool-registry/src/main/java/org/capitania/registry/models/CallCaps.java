package org.capitania.registry.models;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Tx;

/**
 * Caps on turns and tokens of a run and on turns of the large model in a day, counted from what providers answered: a call that a
 * provider refused is none, one that is under way counts with the most it can take. The caller holds the lock of the agent's budget.
 */
@ApplicationScoped
class CallCaps {
    /** Rows of the session at hand, and of whatever else the run calls a session for this task that was never opened here. */
    private static final String OF_RUN = """
            FROM model_reservations m
             WHERE (session_id = $1 OR (run_id = $2 AND task_id = $3
                                        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.session_id = m.session_id)))
            """;

    /**
     * The same with the sessions that the session has started, or those beside it: a subagent uses what its agent may use. Their ids are found
     * first, so that the rows go by an index.
     */
    private static final String OF_ALL = """
            FROM model_reservations m
             WHERE (m.session_id = ANY (
                        ARRAY(SELECT s.session_id FROM sessions s
                               WHERE s.parent_session_id = coalesce((SELECT p.parent_session_id FROM sessions p WHERE p.session_id = $1), $1))
                        || coalesce((SELECT p.parent_session_id FROM sessions p WHERE p.session_id = $1), $1))
                    OR (m.run_id = $2 AND m.task_id = $3
                        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.session_id = m.session_id)))
            """;

    /** No text has more tokens than half its bytes, whatever its language, but for what nobody writes. */
    private static final int BYTES_A_TOKEN = 2;

    private static final String ANSWERED = "(output_tokens IS NOT NULL OR status <> 'settled')";

    private final Map<String, CallLimits> byRole = new TreeMap<>();
    private final CallLimits otherwise;
    private final Reviews reviews;

    CallCaps(ModelsConfig config, WorkspaceBudgets workspaces, Reviews reviews) {
        this.reviews = reviews;
        int most = config.largeTurnsPerDay();
        otherwise = new CallLimits(config.tokensPerRun(), config.turnsPerRun(), most, most);
        byRole.putAll(workspaces.callLimits());
        config.callLimits().forEach((role, own) -> byRole.put(role, limits(own)));
    }

    private static CallLimits limits(ModelsConfig.CallLimit own) {
        int most = own.largeTurnsPerDay();
        return new CallLimits(
                own.tokensPerRun(),
                own.turnsPerRun(),
                most,
                own.largeTurnsAlarm().orElse(most));
    }

    /**
     * What is asked of the store about a call; each answer waits.
     *
     * @param most tokens that it can add
     * @param turns answered in its session
     * @param tokens that stood in its conversations
     * @param underWay what is set aside for other calls
     * @param large answers of the large model in the day; 0 where it is for another
     */
    record Asked(
            ModelCall call,
            BudgetDay day,
            Supplier<Long> most,
            Supplier<Long> turns,
            Supplier<Long> tokens,
            Supplier<Long> underWay,
            Supplier<Long> large) {}

    /** Asks now. The caller holds the lock, or has asked for it before. */
    Asked ask(Tx tx, ModelCall call, BudgetDay day) {
        return new Asked(
                call,
                day,
                most(tx, call),
                turns(tx, call),
                answered(tx, call),
                underWay(tx, call),
                large(tx, call, day));
    }

    /** Empty when the call may be made. */
    Optional<CapitaniaException> refuse(Asked asked) {
        CallLimits limits = byRole.getOrDefault(asked.call().role(), otherwise);
        long turns = asked.turns().get();
        // What a session leaves behind is asked for after its last turn.
        if (turns > limits.turnsPerRun()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.MAX_TURNS,
                            "the session has had its " + limits.turnsPerRun() + " turns (max_turns_per_query)")
                    .withHint("end it here"));
        }
        long tokens = asked.tokens().get();
        if (tokens >= limits.tokensPerRun()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.RUN_EXHAUSTED,
                            "the run has used " + tokens + " of its " + limits.tokensPerRun()
                                    + " tokens (tokens_per_run_cap)")
                    .withHint("end it here; a person looks at the task"));
        }
        if (asked.call().large() && asked.large().get() >= limits.largePerDay()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.BUDGET_EXHAUSTED,
                            "the large model has had its " + limits.largePerDay()
                                    + " turns of the day (opus_turns_per_day_cap)")
                    .withHint("smaller models go on; counting begins anew at "
                            + asked.day().ends())
                    .withRetryAfter(
                            Duration.between(asked.day().now(), asked.day().ends())));
        }
        return Optional.empty();
    }

    /**
     * Has a person told, once a day, that the large model has had as many turns as its alarm says (seeds 17.5, 18.5), with the call that is made
     * now; the agent goes on.
     */
    void alarm(Tx tx, Asked asked) {
        String role = asked.call().role();
        CallLimits limits = byRole.getOrDefault(role, otherwise);
        long turns = asked.large().get() + 1;
        if (!asked.call().large() || turns < limits.largeAlarm()) {
            return;
        }
        reviews.request(
                tx,
                new ReviewRequested(
                        subject(role, asked.day()),
                        "budget",
                        "agent:" + role + " uses the large model often today",
                        "agent:" + role + " has begun " + turns + " of its " + limits.largePerDay()
                                + " turns of the large model today (opus_turns_per_day_cap). It goes on; after the last of them what"
                                + " needs that model waits until "
                                + asked.day().ends() + ", and smaller ones go on. The cap is the owner's:"
                                + " opus_turns_per_day_cap in the agent's workspace"));
    }

    /** Takes back what was said of days before: counting has begun anew. */
    void newDay(Tx tx, String role, BudgetDay day) {
        reviews.newPeriod(tx, prefix(role), subject(role, day));
    }

    private static String subject(String role, BudgetDay day) {
        return prefix(role) + day.date();
    }

    private static String prefix(String role) {
        return "large:" + role + ":";
    }

    /** Empty when the call cannot pass what its run may use, whatever comes back of it and of those under way. */
    Optional<CapitaniaException> refuseMost(Asked asked) {
        long cap = byRole.getOrDefault(asked.call().role(), otherwise).tokensPerRun();
        long used = asked.tokens().get() + asked.underWay().get();
        long most = asked.most().get();
        return most == 0 || used + most <= cap
                ? Optional.empty()
                : Optional.of(new CapitaniaException(
                                ErrorCode.RUN_EXHAUSTED,
                                "the run has used or set aside " + used + " of its " + cap
                                        + " tokens (tokens_per_run_cap), and this call may take " + most + " more")
                        .withHint("end it here; a person looks at the task"));
    }

    /** The most tokens that a call can add: what is new in the request since the last one of its session that was answered, and the longest answer. */
    private static Supplier<Long> most(Tx tx, ModelCall call) {
        if (call.bytes() == 0) {
            return () -> 0L;
        }
        Supplier<Optional<Row>> before = tx.ask("""
                SELECT request_bytes FROM model_reservations
                 WHERE session_id = $1 AND prompt_tokens IS NOT NULL AND request_bytes IS NOT NULL
                 ORDER BY opened_at DESC, reservation_id DESC LIMIT 1
                """, call.sessionId());
        return () -> {
            long bytes = before.get().map(row -> row.getLong("request_bytes")).orElse(0L);
            return Math.max(0, call.bytes() - bytes) / BYTES_A_TOKEN + call.answer();
        };
    }

    private static Supplier<Long> turns(Tx tx, ModelCall call) {
        return count(
                tx,
                "SELECT count(*) AS n " + OF_RUN + " AND " + ANSWERED,
                call.sessionId(),
                call.runId(),
                call.taskId());
    }

    /** What is set aside for calls that were not answered yet, or never will be. */
    private static Supplier<Long> underWay(Tx tx, ModelCall call) {
        return count(
                tx,
                "SELECT coalesce(sum(most_tokens), 0)::bigint AS n " + OF_ALL
                        + " AND prompt_tokens IS NULL AND m.status IN ('open', 'lost')",
                call.sessionId(),
                call.runId(),
                call.taskId());
    }

    /** What stood in the conversations, each token once: a longer prompt counts with what is new in it. */
    private static Supplier<Long> answered(Tx tx, ModelCall call) {
        return count(tx, """
                SELECT coalesce(sum(greatest(0, prompt_tokens - before) + output_tokens), 0)::bigint AS n
                  FROM (SELECT m.prompt_tokens, m.output_tokens,
                               coalesce(lag(m.prompt_tokens + m.output_tokens) OVER (PARTITION BY m.session_id ORDER BY m.opened_at, m.reservation_id), 0) AS before
                        %s AND m.prompt_tokens IS NOT NULL) AS answered
                """.formatted(OF_ALL), call.sessionId(), call.runId(), call.taskId());
    }

    private static Supplier<Long> large(Tx tx, ModelCall call, BudgetDay day) {
        return call.large()
                ? count(
                        tx,
                        "SELECT count(*) AS n FROM model_reservations WHERE agent = $1 AND day = $2 AND large AND "
                                + ANSWERED,
                        call.role(),
                        day.date())
                : () -> 0L;
    }

    private static Supplier<Long> count(Tx tx, String query, Object... args) {
        Supplier<Optional<Row>> asked = tx.ask(query, args);
        return () -> asked.get().orElseThrow().getLong("n");
    }
}
