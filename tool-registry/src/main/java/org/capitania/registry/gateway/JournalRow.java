package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.ledger.Target;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** A row of {@code calls}. */
record JournalRow(
        String callId,
        String actor,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String runId,
        @Nullable String parentId,
        String tool,
        String action,
        String idempotency,
        JsonNode input,
        String digest,
        CallStatus status,
        @Nullable JsonNode output,
        @Nullable ToolError error,
        @Nullable String proposalId,
        @Nullable String auditEventId,
        boolean leased,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String enteredBy,
        @Nullable String model,
        BigDecimal costUsd,
        @Nullable List<String> exampleIds) {
    static final String COLUMNS = """
            call_id, actor, session_id, task_id, run_id, parent_id, tool, action, idempotency, input::text AS input, input_digest, status,
            output::text AS output, error::text AS error, proposal_id, audit_event_id,
            coalesce(lease_expires_at > clock_timestamp(), false) AS leased, started_at, finished_at, entered_by,
            model, cost_usd, retrieved_example_ids
            """;

    static JournalRow read(Row row) {
        String[] examples = row.getArrayOfStrings("retrieved_example_ids");
        return new JournalRow(
                row.getString("call_id"),
                row.getString("actor"),
                row.getString("session_id"),
                row.getString("task_id"),
                row.getString("run_id"),
                row.getString("parent_id"),
                row.getString("tool"),
                row.getString("action"),
                row.getString("idempotency"),
                Json.read(row.getString("input"), JsonNode.class),
                row.getString("input_digest"),
                Json.convert(row.getString("status"), CallStatus.class),
                json(row, "output", JsonNode.class),
                json(row, "error", ToolError.class),
                row.getString("proposal_id"),
                row.getString("audit_event_id"),
                row.getBoolean("leased"),
                Times.instant(row, "started_at"),
                Times.instantOrNull(row, "finished_at"),
                row.getString("entered_by"),
                row.getString("model"),
                row.getBigDecimal("cost_usd"),
                examples == null ? null : List.of(examples));
    }

    private static <T> @Nullable T json(Row row, String column, Class<T> type) {
        String text = row.getString(column);
        return text == null ? null : Json.read(text, type);
    }

    boolean open() {
        return status == CallStatus.INTENT;
    }

    /** What the caller is answered, now and whenever it asks again. */
    ToolResult result() {
        return new ToolResult(
                status == CallStatus.DONE || status == CallStatus.PROPOSED,
                status,
                action,
                output,
                auditEventId == null ? callId : auditEventId,
                taskId,
                proposalId,
                error);
    }

    /** The call as the ledger records it. */
    LedgerAction ledgerAction() {
        JsonNode shown = error == null ? output : Json.tree(error);
        return ledgerAction(shown == null ? null : Bounded.of(shown));
    }

    /** The same with {@code shown} for what it answered. */
    LedgerAction ledgerAction(@Nullable JsonNode shown) {
        Long duration = finishedAt == null
                ? null
                : Duration.between(startedAt, finishedAt).toMillis();
        Target target = Target.of(tool, input, output).orElse(null);
        return new LedgerAction(
                callId,
                actor,
                sessionId,
                taskId,
                parentId,
                tool,
                Json.tree(status).asText(),
                Bounded.of(input),
                shown,
                model,
                costUsd,
                duration,
                finishedAt == null ? startedAt : finishedAt,
                enteredBy,
                action,
                target == null ? null : target.kind(),
                target == null ? null : target.id(),
                auditEventId,
                exampleIds,
                null,
                null);
    }
}
