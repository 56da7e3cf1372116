package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.process.ProcessName;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code calls}: INTENT before an act, its end before the answer, and with the end the ledger's event in the same transaction. What a
 * call answered is kept, shown and told without secrets; what it asked for is kept as it was, and told without them.
 */
@ApplicationScoped
class CallJournal {
    /** How long a call may go without a sign of life of the process that runs it. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private final ProcessName process;
    private final Scrubber scrubber;
    private final MeterRegistry meters;

    CallJournal(ProcessName process, Scrubber scrubber, MeterRegistry meters) {
        this.process = process;
        this.scrubber = scrubber;
        this.meters = meters;
    }

    Optional<JournalRow> find(Tx tx, String callId) {
        return ask(tx, callId).get();
    }

    /** The same without waiting for it. */
    Supplier<Optional<JournalRow>> ask(Tx tx, String callId) {
        Supplier<Optional<Row>> row = tx.ask("SELECT " + JournalRow.COLUMNS + " FROM calls WHERE call_id = $1", callId);
        return () -> row.get().map(JournalRow::read);
    }

    /** Writes the INTENT of an admitted call; empty when the call id is taken. */
    Optional<JournalRow> intend(Tx tx, Attempt a) {
        ToolDefinition tool = a.known();
        return tx.one(
                        """
                        INSERT INTO calls (call_id, actor, session_id, task_id, run_id, fence, parent_id, tool, action, idempotency, input,
                                           input_digest, status, lease_owner, lease_expires_at, entered_by)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb, $12, 'intent', $13,
                                clock_timestamp() + make_interval(secs => $14::int), $15)
                        ON CONFLICT DO NOTHING
                        RETURNING\s""" + JournalRow.COLUMNS,
                        a.callId(),
                        a.scope().actor(),
                        a.sessionId(),
                        a.taskId(),
                        a.runId(),
                        a.fence(),
                        a.parentId(),
                        tool.name(),
                        tool.verb(a.arguments()).name(),
                        tool.verb(a.arguments()).idempotency().wire(),
                        a.arguments().toString(),
                        a.digest(),
                        process.name(),
                        (int) LEASE.toSeconds(),
                        a.caller().enteredBy().orElse(null))
                .map(JournalRow::read);
    }

    /** Writes a refused call; empty when the id is taken. */
    Optional<JournalRow> refuse(Tx tx, Attempt a, String callId, ToolError error) {
        return tx.one(
                        """
                        INSERT INTO calls (call_id, actor, session_id, task_id, run_id, fence, parent_id, tool, action, idempotency, input,
                                           input_digest, status, error, finished_at, entered_by, model, cost_usd)
                        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'none', $10::text::jsonb, $11, 'refused', $12::text::jsonb,
                               clock_timestamp(), $13, turn.model, CASE WHEN $15 THEN turn.cost_usd ELSE 0 END
                          FROM (SELECT max(m.model) AS model, coalesce(sum(coalesce(m.spent_usd, m.reserved_usd)), 0) AS cost_usd
                                  FROM model_reservations m WHERE m.session_id = $3 AND starts_with(m.call_id, $14)) turn
                        ON CONFLICT DO NOTHING
                        RETURNING\s""" + JournalRow.COLUMNS,
                        callId,
                        a.scope().actor(),
                        a.sessionId(),
                        a.taskId(),
                        a.runId(),
                        a.fence(),
                        a.parentId(),
                        a.tool().length() <= 80 ? a.tool() : a.tool().substring(0, 80),
                        a.action(),
                        a.arguments().toString(),
                        a.digest(),
                        scrubber.clean(Json.tree(error)).toString(),
                        a.caller().enteredBy().orElse(null),
                        Turn.of(callId).model(),
                        Turn.of(callId).first())
                .map(row -> publish(tx, JournalRow.read(row)));
    }

    /** Takes over a call whose process is gone, for the run that asks for it now; false when somebody was faster. */
    boolean takeOver(Tx tx, String callId, @Nullable String runId, @Nullable Long fence) {
        return tx.execute("""
                        UPDATE calls
                           SET lease_owner = $2, lease_expires_at = clock_timestamp() + make_interval(secs => $3::int),
                               attempts = attempts + 1, run_id = coalesce($4, run_id), fence = coalesce($5, fence)
                         WHERE call_id = $1 AND status = 'intent' AND lease_expires_at <= clock_timestamp()
                        """, callId, process.name(), (int) LEASE.toSeconds(), runId, fence) == 1;
    }

    /** Ends a call; when it has ended already, as its own lost process or another one may have done, that end stands and is returned. */
    JournalRow finish(
            Tx tx,
            String callId,
            CallStatus status,
            @Nullable JsonNode output,
            @Nullable ToolError error,
            @Nullable String proposalId,
            @Nullable String auditEventId) {
        Optional<JournalRow> ended = tx.one(
                        """
                        UPDATE calls
                           SET status = $2, output = $3::text::jsonb, error = $4::text::jsonb, proposal_id = $5, audit_event_id = $6,
                               finished_at = clock_timestamp(), lease_expires_at = NULL, lease_owner = NULL,
                               (model, cost_usd) = (
                                   SELECT max(m.model), CASE WHEN $8 THEN coalesce(sum(coalesce(m.spent_usd, m.reserved_usd)), 0) ELSE 0 END
                                     FROM model_reservations m WHERE m.session_id = calls.session_id AND starts_with(m.call_id, $7)),
                               retrieved_example_ids = (
                                   SELECT array_agg(DISTINCT found.id #>> '{}')
                                     FROM calls e, jsonb_path_query(e.output, '$.*[*].id') AS found (id)
                                    WHERE e.task_id = calls.task_id AND e.tool = 'hq_examples_find' AND e.status = 'done')
                         WHERE call_id = $1 AND status = 'intent'
                        RETURNING\s""" + JournalRow.COLUMNS,
                        callId,
                        Json.tree(status).asText(),
                        output == null ? null : scrubber.clean(output).toString(),
                        error == null ? null : scrubber.clean(Json.tree(error)).toString(),
                        proposalId,
                        auditEventId,
                        Turn.of(callId).model(),
                        Turn.of(callId).first())
                .map(JournalRow::read);
        return ended.map(row -> publish(tx, row))
                .orElseGet(() -> find(tx, callId)
                        .orElseThrow(() -> new IllegalStateException("call " + callId + " is not in the journal")));
    }

    /** Ends a call that is in doubt as a person says it ended; empty when it is not in doubt any more. */
    Optional<JournalRow> settle(Tx tx, String callId, @Nullable JsonNode output, @Nullable ToolError error) {
        return tx.one(
                        """
                        UPDATE calls SET status = $2, output = $3::text::jsonb, error = $4::text::jsonb
                         WHERE call_id = $1 AND status = 'unknown'
                        RETURNING\s""" + JournalRow.COLUMNS,
                        callId,
                        Json.tree(error == null ? CallStatus.DONE : CallStatus.FAILED)
                                .asText(),
                        output == null ? null : scrubber.clean(output).toString(),
                        error == null ? null : scrubber.clean(Json.tree(error)).toString())
                .map(row -> publish(tx, JournalRow.read(row)));
    }

    /** Prolongs the lease of the calls this process is running. */
    void renew(Tx tx, Collection<String> callIds) {
        tx.execute("""
                UPDATE calls SET lease_expires_at = clock_timestamp() + make_interval(secs => $2::int)
                 WHERE call_id = ANY($1) AND status = 'intent' AND lease_owner = $3
                """, callIds.toArray(String[]::new), (int) LEASE.toSeconds(), process.name());
    }

    /** Lets go of every call that an earlier life of this process was running. */
    int release(Tx tx) {
        return tx.execute(
                "UPDATE calls SET lease_expires_at = clock_timestamp() WHERE status = 'intent' AND lease_owner = $1",
                process.name());
    }

    /** Calls whose process is gone. */
    List<JournalRow> abandoned(Tx tx, int limit) {
        List<JournalRow> rows = new ArrayList<>();
        tx.query(
                        "SELECT " + JournalRow.COLUMNS
                                + " FROM calls WHERE status = 'intent' AND lease_expires_at <= clock_timestamp() ORDER BY started_at LIMIT $1",
                        limit)
                .forEach(row -> rows.add(JournalRow.read(row)));
        return rows;
    }

    /** Tells the ledger of a call that has ended. */
    void announce(Tx tx, JournalRow row) {
        tx.publish(LedgerAction.TYPE, row.callId(), told(row.ledgerAction()));
    }

    /** What the ledger is told of a call. */
    JsonNode told(LedgerAction action) {
        return scrubber.clean(Json.tree(action));
    }

    private JournalRow publish(Tx tx, JournalRow row) {
        announce(tx, row);
        tx.afterCommit(() -> count(row));
        return row;
    }

    /** Counts what is watched of a call that has been written. */
    void count(JournalRow row) {
        ToolError error = row.error();
        if (error != null && error.code().equals(ErrorCode.CROSS_SCOPE_VIOLATION.code())) {
            meters.counter("capitania_cross_scope_violations", "actor", row.actor())
                    .increment();
        }
    }
}
