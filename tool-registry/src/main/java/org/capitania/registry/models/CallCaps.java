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
    private static final String ANSWERED = "(output_tokens IS NOT NULL OR status <> 'settled')";

    /**
     * How a call's run stands. Its rows are those of the session at hand, of those it has started and of those beside it, since a subagent uses
     * what its agent may use, and of whatever else the run calls a session for this task that was never opened here. The ids of the sessions are
     * found first, so that the rows go by an index. A token counts once: a longer prompt counts with what is new in it.
     */
    private static final String STANDING = """
            SELECT count(*) FILTER (WHERE own AND %s) AS turns,
                   coalesce(sum(greatest(0, prompt_tokens - before) + output_tokens) FILTER (WHERE prompt_tokens IS NOT NULL), 0)::bigint AS tokens,
                   coalesce(sum(most_tokens) FILTER (WHERE prompt_tokens IS NULL AND status IN ('open', 'lost')), 0)::bigint AS under_way,
                   (array_agg(request_bytes ORDER BY opened_at DESC, reservation_id DESC)
                       FILTER (WHERE session_id = $1 AND prompt_tokens IS NOT NULL AND request_bytes IS NOT NULL))[1] AS last_bytes
              FROM (SELECT m.session_id, m.reservation_id, m.opened_at, m.status, m.prompt_tokens, m.output_tokens, m.most_tokens, m.request_bytes,
                           m.session_id = $1 OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.session_id = m.session_id) AS own,
                           coalesce(lag(m.prompt_tokens + m.output_tokens)
                               OVER (PARTITION BY m.session_id, m.prompt_tokens IS NOT NULL ORDER BY m.opened_at, m.reservation_id), 0) AS before
                      FROM model_reservations m
                     WHERE (m.session_id = ANY (
                                ARRAY(SELECT s.session_id FROM sessions s
                                       WHERE s.parent_session_id = coalesce((SELECT p.parent_session_id FROM sessions p WHERE p.session_id = $1), $1))
                                || coalesce((SELECT p.parent_session_id FROM sessions p WHERE p.session_id = $1), $1))
                            OR (m.run_id = $2 AND m.task_id = $3
                                AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.session_id = m.session_id)))) AS calls
            """.formatted(ANSWERED);

    /** No text has more tokens than half its bytes, whatever its language, but for what nobody writes. */
    private static final int BYTES_A_TOKEN = 2;

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
     * How a call's run stands.
     *
     * @param turns answered in its session
     * @param tokens that stood in its conversations
     * @param underWay tokens that are set aside for calls that were not answered yet, or never will be
     * @param lastBytes of the last request of its session that was answered, 0 where none was
     */
    private record Standing(long turns, long tokens, long underWay, long lastBytes) {
        static Standing of(Row row) {
            Long bytes = row.getLong("last_bytes");
            return new Standing(
                    row.getLong("turns"), row.getLong("tokens"), row.getLong("under_way"), bytes == null ? 0 : bytes);
        }
    }

    /** What is asked of the store about a call; the answers wait. */
    static final class Asked {
        private final ModelCall call;
        private final BudgetDay day;
        private final Supplier<Optional<Row>> standing;
        private final Supplier<Long> large;

        private Asked(ModelCall call, BudgetDay day, Supplier<Optional<Row>> standing, Supplier<Long> large) {
            this.call = call;
            this.day = day;
            this.standing = standing;
            this.large = large;
        }

        private Standing standing() {
            return Standing.of(standing.get().orElseThrow());
        }

        /** The most tokens that the call can add: what is new in its request since the last one that was answered, and the longest answer. */
        long most() {
            return call.bytes() == 0
                    ? 0
                    : Math.max(0, call.bytes() - standing().lastBytes()) / BYTES_A_TOKEN + call.answer();
        }
    }

    /** Asks now. The caller holds the lock, or has asked for it before. */
    Asked ask(Tx tx, ModelCall call, BudgetDay day) {
        return new Asked(
                call, day, tx.ask(STANDING, call.sessionId(), call.runId(), call.taskId()), large(tx, call, day));
    }

    /** Empty when the call may be made. */
    Optional<CapitaniaException> refuse(Asked asked) {
        CallLimits limits = byRole.getOrDefault(asked.call.role(), otherwise);
        Standing standing = asked.standing();
        // What a session leaves behind is asked for after its last turn.
        if (standing.turns() > limits.turnsPerRun()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.MAX_TURNS,
                            "the session has had its " + limits.turnsPerRun() + " turns (max_turns_per_query)")
                    .withHint("end it here"));
        }
        long tokens = standing.tokens();
        if (tokens >= limits.tokensPerRun()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.RUN_EXHAUSTED,
                            "the run has used " + tokens + " of its " + limits.tokensPerRun()
                                    + " tokens (tokens_per_run_cap)")
                    .withHint("end it here; a person looks at the task"));
        }
        if (asked.call.large() && asked.large.get() >= limits.largePerDay()) {
            return Optional.of(new CapitaniaException(
                            ErrorCode.BUDGET_EXHAUSTED,
                            "the large model has had its " + limits.largePerDay()
                                    + " turns of the day (opus_turns_per_day_cap)")
                    .withHint("smaller models go on; counting begins anew at " + asked.day.ends())
                    .withRetryAfter(Duration.between(asked.day.now(), asked.day.ends())));
        }
        return Optional.empty();
    }

    /**
     * Has a person told, once a day, that the large model has had as many turns as its alarm says (seeds 17.5, 18.5), with the call that is made
     * now; the agent goes on.
     */
    void alarm(Tx tx, Asked asked) {
        String role = asked.call.role();
        CallLimits limits = byRole.getOrDefault(role, otherwise);
        long turns = asked.large.get() + 1;
        if (!asked.call.large() || turns < limits.largeAlarm()) {
            return;
        }
        reviews.request(
                tx,
                new ReviewRequested(
                        subject(role, asked.day),
                        "budget",
                        "agent:" + role + " uses the large model often today",
                        "agent:" + role + " has begun " + turns + " of its " + limits.largePerDay()
                                + " turns of the large model today (opus_turns_per_day_cap). It goes on; after the last of them what"
                                + " needs that model waits until "
                                + asked.day.ends() + ", and smaller ones go on. The cap is the owner's:"
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
        long cap = byRole.getOrDefault(asked.call.role(), otherwise).tokensPerRun();
        Standing standing = asked.standing();
        long used = standing.tokens() + standing.underWay();
        long most = asked.most();
        return most == 0 || used + most <= cap
                ? Optional.empty()
                : Optional.of(new CapitaniaException(
                                ErrorCode.RUN_EXHAUSTED,
                                "the run has used or set aside " + used + " of its " + cap
                                        + " tokens (tokens_per_run_cap), and this call may take " + most + " more")
                        .withHint("end it here; a person looks at the task"));
    }

    /** Answers of the large model in the day; 0 where the call is for another. */
    private static Supplier<Long> large(Tx tx, ModelCall call, BudgetDay day) {
        if (!call.large()) {
            return () -> 0L;
        }
        Supplier<Optional<Row>> asked = tx.ask(
                "SELECT count(*) AS n FROM model_reservations WHERE agent = $1 AND day = $2 AND large AND " + ANSWERED,
                call.role(),
                day.date());
        return () -> asked.get().orElseThrow().getLong("n");
    }
}
