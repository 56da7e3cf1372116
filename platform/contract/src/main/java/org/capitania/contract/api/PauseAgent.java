package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Stops an agent from waking ({@code POST /v1/agents/{role}/pause}).
 *
 * @param duration how long ({@code for} on the wire), ISO-8601 or short: {@code PT2H}, {@code 2h}, {@code 30m}; absent: until someone resumes it
 */
public record PauseAgent(
        @Nullable String reason,
        @JsonProperty("for") @Nullable String duration) {}
