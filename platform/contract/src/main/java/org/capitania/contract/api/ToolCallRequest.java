package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Calls a tool ({@code POST /v1/tools/{name}/calls}). The answer is a {@link ToolResult}; a repeated call id answers what the first call answered.
 *
 * @param callId {@code <session>:<turn>:<ordinal>}, given by the agent's harness; the owner may leave it out
 * @param runId the run the agent is in; an agent must send it, with the fence of that run
 * @param parentId the call inside which this one happens, for a subagent
 */
public record ToolCallRequest(
        @Nullable String callId,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String runId,
        @Nullable Long fence,
        @Nullable String parentId,
        JsonNode arguments) {}
