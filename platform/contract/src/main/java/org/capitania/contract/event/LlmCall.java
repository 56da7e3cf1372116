package org.capitania.contract.event;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model ({@code ledger.llm_call}); key: the call. Tokens as the provider counted them; cost in USD.
 *
 * @param purpose what the answer was for, as the agent said: {@code turn}, {@code snapshot}
 * @param canaryId the trial the run belonged to
 */
public record LlmCall(
        String callId,
        String agent,
        @Nullable String sessionId,
        @Nullable String taskId,
        String provider,
        String model,
        long inputTokens,
        long outputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        BigDecimal costUsd,
        long latencyMs,
        String status,
        Instant startedAt,
        @Nullable String purpose,
        @Nullable String canaryId) {
    public static final String TYPE = "ledger.llm_call";
}
