package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One act in the ledger, at one of its steps ({@code ledger.action}); key: the call.
 *
 * @param enteredBy the owner, where the owner acted for the person in {@code actor}
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
        @Nullable String enteredBy) {
    public static final String TYPE = "ledger.action";
}
