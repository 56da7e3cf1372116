package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/proposals/{id}/report}: how an execution ended; repeating the same report is harmless.
 *
 * @param status executed, failed, stale or unknown
 * @param reason why, unless it was executed; for stale the difference in words
 */
public record ReportRequest(
        String claimKey,
        ProposalStatus status,
        @Nullable JsonNode result,
        @Nullable String reason) {}
