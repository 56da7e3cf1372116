package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One act of a trace. {@code status} is that of the call, for a model call {@code done} or {@code failed}. */
public record ActionView(
        String id,
        String tool,
        String status,
        @Nullable JsonNode input,
        @Nullable JsonNode output,
        BigDecimal costUsd,
        @Nullable Long durationMs,
        @Nullable String grade,
        Instant at) {}
