package org.capitania.registry.models;

import java.math.BigDecimal;
import java.time.Instant;
import org.capitania.contract.event.LlmCall;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model on behalf of an agent.
 *
 * @param id unique for each attempt; the call id is the agent's and repeats when it tries again
 * @param large whether it counts as a turn of the large model
 * @param bytes how long the request is
 * @param answer how many tokens of an answer it allows
 */
record ModelCall(
        String id,
        String callId,
        Scope scope,
        String role,
        String sessionId,
        String taskId,
        String runId,
        long fence,
        String provider,
        String model,
        boolean large,
        long bytes,
        long answer,
        Instant startedAt,
        @Nullable String purpose) {

    LlmCall ledger(Usage usage, BigDecimal cost, long latencyMs, String status) {
        return new LlmCall(
                callId,
                "agent:" + role,
                sessionId,
                taskId,
                provider,
                model,
                usage.input(),
                usage.output(),
                usage.cacheRead(),
                usage.cacheWrite(),
                cost,
                latencyMs,
                status,
                startedAt,
                purpose,
                null);
    }
}
