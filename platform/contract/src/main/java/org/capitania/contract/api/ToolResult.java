package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * What became of a tool call; the HTTP status is 200 whatever it is.
 *
 * @param ok whether the call did what it was asked; a frozen call is ok with status {@code proposed}
 * @param action the verb inside the tool, or the tool's name
 * @param auditEventId the call's row in the ledger
 * @param traceId the task, by which the whole trace is found
 * @param proposalId set when the call was frozen
 */
public record ToolResult(
        boolean ok,
        CallStatus status,
        String action,
        @Nullable JsonNode data,
        String auditEventId,
        @Nullable String traceId,
        @Nullable String proposalId,
        @Nullable ToolError error) {

    /**
     * Why a call was refused or failed.
     *
     * @param hint what to do, or whom to ask
     */
    public record ToolError(
            String code, String message, @Nullable String hint, List<FieldError> errors) {}
}
