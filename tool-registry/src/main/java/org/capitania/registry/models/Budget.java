package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.LlmCall;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Money for model calls: set aside before, settled after, one call after the other an agent, so that the cap is never passed. */
@ApplicationScoped
class Budget {
    /** The status of a call whose answer ended in the middle. */
    static final String CUT_OFF = "failed:cut_off";

    /** The status of a call whose answer stopped coming. */
    static final String STALLED = "failed:stalled";

    private static final Set<String> ANSWERED = Set.of("done", CUT_OFF, STALLED);

    /** All of it goes by keys: a plan for each call anew takes longer than what it finds. */
    private static final String KEEP_PLANS = "SET LOCAL plan_cache_mode = force_generic_plan";

    private final Sql sql;
    private final Clock clock;
    private final Runs runs;
    private final Gates gates;
    private final Freezes freezes;
    private final BudgetDays days;
    private final ProviderPace pace;
    private final CallCaps calls;
    private final MoneyCaps caps;
    private final SoftCap softCap;
    private final KeyRefusals keys;
    private final Settlements settlements;
    private final CommitListeners commits;

    Budget(
            Sql sql,
            Clock clock,
            Runs runs,
            Gates gates,
            Freezes freezes,
            BudgetDays days,
            ProviderPace pace,
            CallCaps calls,
            MoneyCaps caps,
            SoftCap softCap,
            KeyRefusals keys,
            Settlements settlements,
            CommitListeners commits) {
        this.settlements = settlements;
        this.commits = commits;
        this.sql = sql;
        this.clock = clock;
        this.runs = runs;
        this.gates = gates;
        this.freezes = freezes;
        this.days = days;
        this.pace = pace;
        this.calls = calls;
        this.caps = caps;
        this.softCap = softCap;
        this.keys = keys;
    }

    /**
     * Sets {@code estimate} aside; a call that may not be made is refused here, with a row in the ledger.
     *
     * @return false when this very attempt was reserved before
     */
    boolean reserve(ModelCall call, BigDecimal estimate) {
        settlements.await(call.scope(), call.role());
        BudgetDay day = days.today(call.scope().tenant());
        Answer answer = reserve(call, estimate, day);
        if (answer.refusal().isPresent()) {
            commits.committed();
            throw answer.refusal().get();
        }
        commits.committedUnhurried();
        return answer.fresh();
    }

    private record Answer(boolean fresh, Optional<CapitaniaException> refusal) {}

    /** In one transaction: the lock of the agent's budget covers the sum and the new row. */
    private Answer reserve(ModelCall call, BigDecimal estimate, BudgetDay day) {
        List<Answer> answer = new ArrayList<>();
        sql.runUntold(call.scope(), tx -> {
            tx.put(KEEP_PLANS);
            Asked asked = ask(tx, call, estimate, day);
            Optional<CapitaniaException> no = refuse(asked, call, estimate);
            no.ifPresent(e -> refused(tx, call, e));
            boolean fresh =
                    no.isEmpty() && insert(tx, call, estimate, asked.calls().most(), day);
            if (fresh) {
                softCap.look(tx, call.role(), day.date(), asked.money().ofDay().add(estimate));
                calls.alarm(tx, asked.calls());
            }
            answer.add(new Answer(fresh, no));
        });
        return answer.getFirst();
    }

    /** Tells the ledger of a call that was refused before any money was set aside; the refusal is returned, to be thrown. */
    CapitaniaException refused(ModelCall call, CapitaniaException why) {
        sql.run(call.scope(), tx -> {
            refused(tx, call, why);
            keys.note(tx, call.role(), call.provider(), why);
        });
        return why;
    }

    private static void refused(Tx tx, ModelCall call, CapitaniaException why) {
        tx.publish(
                LlmCall.TYPE,
                call.callId(),
                call.ledger(
                        Usage.NONE, BigDecimal.ZERO, 0, "refused:" + why.code().code()));
    }

    /** Writes what it came to and tells the ledger, once. */
    void settle(ModelCall call, Usage usage, BigDecimal cost, String status) {
        settle(call, usage, cost, status, tx -> {});
    }

    /** The same with what else the answer said. */
    void settle(ModelCall call, Usage usage, BigDecimal cost, String status, Consumer<Tx> heard) {
        boolean answered = ANSWERED.contains(status);
        long latency =
                Math.max(0, Duration.between(call.startedAt(), clock.instant()).toMillis());
        LlmCall entry = call.ledger(usage, cost, latency, status);
        sql.runUntold(call.scope(), tx -> {
            tx.put(
                    """
                    WITH settled AS (
                        UPDATE model_reservations SET status = 'settled', spent_usd = $2, settled_at = clock_timestamp(), ledger_entry = $3::text::jsonb,
                               prompt_tokens = CASE WHEN $4::boolean THEN $5::bigint END,
                               output_tokens = CASE WHEN $4::boolean THEN $6::bigint END
                         WHERE reservation_id = $1 AND status = 'open' RETURNING call_id)
                    SELECT outbox_append($7, $8, call_id, $3::text::jsonb) FROM settled
                    """,
                    call.id(),
                    cost,
                    Json.write(entry),
                    answered,
                    usage.prompt(),
                    usage.output(),
                    Topics.of(LlmCall.TYPE),
                    LlmCall.TYPE);
            heard.accept(tx);
        });
        // Nobody waits for the ledger's copy of it.
        commits.committedUnhurried();
    }

    /** Counts as spent what calls had set aside that never came back. */
    int giveUp(Tx tx, Duration age) {
        List<ModelCall> lost = new ArrayList<>();
        List<BigDecimal> amounts = new ArrayList<>();
        tx.query("""
                        UPDATE model_reservations SET status = 'lost', spent_usd = reserved_usd, settled_at = clock_timestamp()
                         WHERE status = 'open' AND opened_at < clock_timestamp() - make_interval(secs => $1::int)
                        RETURNING reservation_id, call_id, agent, session_id, task_id, run_id, provider, model, opened_at, spent_usd
                        """, (int) age.toSeconds()).forEach(row -> {
            lost.add(new ModelCall(
                    row.getString("reservation_id"),
                    row.getString("call_id"),
                    tx.scope(),
                    row.getString("agent"),
                    row.getString("session_id"),
                    row.getString("task_id"),
                    row.getString("run_id"),
                    0,
                    row.getString("provider"),
                    row.getString("model"),
                    false,
                    0,
                    0,
                    row.getOffsetDateTime("opened_at").toInstant(),
                    null));
            amounts.add(row.getBigDecimal("spent_usd"));
        });
        for (int i = 0; i < lost.size(); i++) {
            LlmCall entry = lost.get(i).ledger(Usage.NONE, amounts.get(i), age.toMillis(), "lost");
            tx.execute(
                    "UPDATE model_reservations SET ledger_entry = $2::text::jsonb WHERE reservation_id = $1",
                    lost.get(i).id(),
                    Json.write(entry));
            tx.publish(LlmCall.TYPE, entry.callId(), entry);
        }
        return lost.size();
    }

    /** What the answer depends on; each waits. */
    private record Asked(
            Supplier<Optional<Run>> run,
            Supplier<Optional<Gates.Closed>> gate,
            Supplier<Optional<String>> frozen,
            Supplier<Optional<CapitaniaException>> pace,
            CallCaps.Asked calls,
            MoneyCaps.Asked money) {}

    /** All in one round trip: the statements run one after the other, so that those behind the locks see what they have waited for. */
    private Asked ask(Tx tx, ModelCall call, BigDecimal estimate, BudgetDay day) {
        Supplier<Optional<Run>> run = runs.ask(tx, call.runId());
        Supplier<Optional<Gates.Closed>> gate = gates.ask(tx, call.role());
        Supplier<Optional<String>> frozen = freezes.ask(tx);
        if (estimate.signum() > 0) {
            caps.lock(tx);
        }
        lock(tx, call.role());
        return new Asked(
                run,
                gate,
                frozen,
                pace.refusal(tx, call.provider()),
                calls.ask(tx, call, day),
                caps.ask(tx, call.role(), day));
    }

    private Optional<CapitaniaException> refuse(Asked asked, ModelCall call, BigDecimal estimate) {
        Optional<Run> run = asked.run().get();
        Optional<String> objection = runs.objection(run, call.role(), call.runId(), call.fence(), call.taskId());
        if (objection.isPresent()) {
            return Optional.of(new CapitaniaException(ErrorCode.FENCED, objection.get())
                    .withHint("stop here; the supervisor wakes you again if there is anything to do"));
        }
        Optional<Gates.Closed> gate = asked.gate().get();
        if (gate.isPresent()) {
            return Optional.of(new CapitaniaException(
                    gate.get().code(),
                    "agent:" + call.role() + " may not act now: " + gate.get().reason()));
        }
        // A run that only answers a question only reads, and reading goes on.
        if (run.filter(Run::ask).isEmpty()) {
            Optional<String> frozen = asked.frozen().get();
            if (frozen.isPresent()) {
                return Optional.of(
                        new CapitaniaException(ErrorCode.AUTONOMY_FROZEN, frozen.get()).withHint(Freezes.HINT));
            }
        }
        return asked.pace()
                .get()
                .or(() -> calls.refuse(asked.calls()))
                .or(() -> asked.money().refuse(estimate))
                .or(() -> calls.refuseMost(asked.calls()));
    }

    private boolean insert(Tx tx, ModelCall call, BigDecimal estimate, long most, BudgetDay day) {
        return tx.execute(
                        """
                        INSERT INTO model_reservations (reservation_id, call_id, agent, session_id, task_id, run_id, provider, model, day, reserved_usd, large,
                                                        request_bytes, most_tokens)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                        ON CONFLICT DO NOTHING
                        """,
                        call.id(),
                        call.callId(),
                        call.role(),
                        call.sessionId(),
                        call.taskId(),
                        call.runId(),
                        call.provider(),
                        call.model(),
                        day.date(),
                        estimate,
                        call.large(),
                        call.bytes(),
                        most)
                == 1;
    }

    /** One call after the other an agent, so that each sees the money of the one before. */
    private static void lock(Tx tx, String role) {
        tx.put("SELECT pg_advisory_xact_lock(hashtextextended(current_tenant() || ':budget:' || $1, 3))", role);
    }
}
