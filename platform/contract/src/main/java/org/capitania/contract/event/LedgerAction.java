package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One act in the ledger, at one of its steps ({@code ledger.action}); key: the call. */
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
        Instant at) {
    public static final String TYPE = "ledger.action";
}
