package org.capitania.registry.gateway;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.registry.catalogue.Idempotency;
import org.capitania.registry.catalogue.ToolScope;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.GatewayStopping;
import org.capitania.registry.handler.Result;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Runs an admitted call to its end and journals the end; a failure is an end too. Only a dying process leaves a call open. */
@ApplicationScoped
class CallRunner {
    private static final int LARGEST_RESULT = 512 * 1024;

    private final Sql sql;
    private final CallJournal journal;
    private final RunningCalls running;
    private final Runs runs;
    private final CallActs acts;
    private final ResultCheck results;
    private final LookJournal looks;

    CallRunner(
            Sql sql,
            CallJournal journal,
            RunningCalls running,
            Runs runs,
            CallActs acts,
            ResultCheck results,
            LookJournal looks) {
        this.sql = sql;
        this.journal = journal;
        this.looks = looks;
        this.running = running;
        this.runs = runs;
        this.acts = acts;
        this.results = results;
    }

    /**
     * Runs it.
     *
     * @param again whether an earlier run was cut off
     */
    JournalRow run(Call call, boolean again) {
        String tenant = call.scope().tenant();
        running.begin(tenant, call.callId());
        Optional<JournalRow> row = Optional.empty();
        try {
            row = Optional.of(
                    again && call.verb().idempotency() == Idempotency.BLIND
                            ? inDoubt(call)
                            : end(call, () -> acts.act(call, again), inJournal(call)));
            return row.get();
        } finally {
            running.end(tenant, call.callId(), row);
        }
    }

    /** How the end of a call is written. */
    private interface Ending {
        JournalRow write(CallStatus status, @Nullable Result result, @Nullable ToolError error);
    }

    /** Whether it may look at once: no rule makes it wait for a person. What cannot be told is found out on the longer way. */
    boolean looks(Attempt attempt) {
        try {
            return acts.atOnce(attempt.admitted());
        } catch (CapitaniaException e) {
            Log.debugf("a look is journalled first call=%s why=%s", attempt.callId(), e.detail());
            return false;
        }
    }

    /** Looks, and writes what came of it; empty while the same call runs here already. */
    Optional<JournalRow> look(Attempt attempt, Instant since) {
        Call call = attempt.admitted();
        String tenant = call.scope().tenant();
        if (!running.beginAlone(tenant, call.callId())) {
            return Optional.empty();
        }
        Optional<JournalRow> row = Optional.empty();
        try {
            row = Optional.of(end(
                    call,
                    () -> acts.plain(call, false),
                    (status, result, error) -> looks.end(
                            attempt,
                            since,
                            status,
                            result == null ? null : result.data(),
                            error,
                            result == null ? null : result.auditEventId(),
                            result == null || !taints(call) ? List.of() : result.taintedBy())));
            return row;
        } finally {
            running.end(tenant, call.callId(), row);
        }
    }

    private Ending inJournal(Call call) {
        return (status, result, error) -> sql.tx(call.scope(), tx -> {
            if (result != null) {
                taint(tx, call, result.taintedBy());
            }
            return journal.finish(
                    tx,
                    call.callId(),
                    status,
                    result == null ? null : result.data(),
                    error,
                    null,
                    result == null ? null : result.auditEventId());
        });
    }

    private JournalRow end(Call call, Supplier<CallActs.Act> act, Ending ending) {
        try {
            return switch (act.get()) {
                case CallActs.Act.Done(Result result) -> ending.write(CallStatus.DONE, storable(call, result), null);
                case CallActs.Act.Journalled(JournalRow row) -> row;
                case CallActs.Act.Unknown(String why) -> ending.write(CallStatus.UNKNOWN, null, doubt(why));
            };
        } catch (GatewayStopping e) {
            // The call stays open; the next life of this process, or another one, takes it up.
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the gateway is stopping; ask again under the same call id", e);
        } catch (HeldBack e) {
            // The call stays open: its agent comes back for it, or the sweeper does, once it may.
            throw e.why();
        } catch (CapitaniaException e) {
            boolean refused = e.code().type() == ErrorType.DENIED
                    || e.code() == ErrorCode.FENCED
                    || (call.verb().scope() == ToolScope.OUTBOUND
                            && !e.code().type().retryable());
            return ending.write(refused ? CallStatus.REFUSED : CallStatus.FAILED, null, Refusal.error(e));
        } catch (RuntimeException e) {
            Log.errorf(e, "tool failed tool=%s call=%s", call.tool().name(), call.callId());
            return ending.write(
                    CallStatus.FAILED,
                    null,
                    new ToolError(
                            ErrorCode.INTERNAL.code(), "the tool failed; the log has the trace", null, List.of()));
        }
    }

    /** A result as it can be kept; one that is too large is a failure. */
    private Result storable(Call call, Result result) {
        results.require(call, result);
        int size = Json.bytes(result.data()).length;
        if (size > LARGEST_RESULT) {
            throw new CapitaniaException(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            "the result has " + size + " bytes, more than " + LARGEST_RESULT)
                    .withHint("ask for less: a smaller limit, or one thing at a time");
        }
        return new Result(StorableText.of(result.data()), result.taintedBy(), result.auditEventId());
    }

    /** Whether what a call read stays with its task. */
    private static boolean taints(Call call) {
        return call.taskId() != null && !call.human();
    }

    private void taint(Tx tx, Call call, List<String> sources) {
        String task = call.taskId();
        if (task != null && taints(call)) {
            // An outside client is in no run: what it has read stays with its one task.
            String run = call.runId() == null ? task : call.runId();
            sources.forEach(source -> runs.taint(tx, task, source, run, call.callId()));
        }
    }

    private JournalRow inDoubt(Call call) {
        return sql.tx(
                call.scope(),
                tx -> journal.finish(
                        tx,
                        call.callId(),
                        CallStatus.UNKNOWN,
                        null,
                        doubt("the gateway stopped during the call, and the tool cannot tell what became of it"),
                        null,
                        null));
    }

    private static ToolError doubt(String why) {
        return new ToolError(
                ErrorCode.EFFECT_IN_DOUBT.code(), why, "a person has to look before it is done again", List.of());
    }
}
