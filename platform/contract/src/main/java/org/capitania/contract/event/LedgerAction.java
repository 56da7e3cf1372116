package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One act in the ledger, at one of its steps ({@code ledger.action}); key: the call.
 *
 * @param model the one whose turn asked for it
 * @param costUsd what that turn cost, at the first call it asked for; 0 at the others, so that the sum is what was spent
 * @param enteredBy the owner, where the owner acted for the person in {@code actor}
 * @param action the tool's action; the tool's name where it has none
 * @param targetKind what the call was about: a node's type, {@code file}, {@code page}
 * @param auditEventId the write in the store it went to
 * @param retrievedExampleIds the examples that the task had read before
 * @param canaryId the trial the run belonged to
 * @param approvedBy the person who approved what was carried out at this step
 */
public record LedgerAction(
        String callId,
        String actor,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String parentId,
        String tool,
        String status,
        @Nullable JsonNode input,
        @Nullable JsonNode output,
        @Nullable String model,
        BigDecimal costUsd,
        @Nullable Long durationMs,
        Instant at,
        @Nullable String enteredBy,
        @Nullable String action,
        @Nullable String targetKind,
        @Nullable String targetId,
        @Nullable String auditEventId,
        @Nullable List<String> retrievedExampleIds,
        @Nullable String canaryId,
        @Nullable String approvedBy) {
    public static final String TYPE = "ledger.action";

    /** An act that is no tool call of a task: nothing but who did what, and when. */
    public static LedgerAction of(String callId, String actor, String tool, JsonNode input, Instant at) {
        return new LedgerAction(
                callId,
                actor,
                null,
                null,
                null,
                tool,
                "done",
                input,
                null,
                null,
                BigDecimal.ZERO,
                null,
                at,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same, entered by the owner for somebody else. */
    public LedgerAction enteredBy(@Nullable String owner) {
        return new LedgerAction(
                callId,
                actor,
                sessionId,
                taskId,
                parentId,
                tool,
                status,
                input,
                output,
                model,
                costUsd,
                durationMs,
                at,
                owner,
                action,
                targetKind,
                targetId,
                auditEventId,
                retrievedExampleIds,
                canaryId,
                approvedBy);
    }
}
