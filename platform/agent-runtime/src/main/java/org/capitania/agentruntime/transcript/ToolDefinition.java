package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A tool as the session may call it, pinned when the session begins.
 *
 * @param readOnly whether a call changes nothing; an ask-session gets no others
 * @param deferrable whether a model may be left to look for it where there are many
 */
public record ToolDefinition(
        String name, String description, JsonNode inputSchema, boolean readOnly, boolean deferrable) {}
