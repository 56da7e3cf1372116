package org.capitania.agentruntime.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session as {@code GET /v1/sessions} shows it.
 *
 * @param unaccepted why tool-registry did not take what it leaves behind; its entries have all of it
 */
public record SessionView(
        String sessionId,
        String taskId,
        String runId,
        String purpose,
        @Nullable String model,
        int turns,
        @Nullable String ending,
        @Nullable String code,
        @Nullable String reason,
        @Nullable String unaccepted,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable String parentSession,
        @Nullable String parentCall,
        @Nullable String subagent,
        @Nullable List<Entry> entries) {

    /** One entry of its transcript. */
    public record Entry(int seq, String kind, Instant at, JsonNode body) {}

    /** A page of sessions, newest first, without transcripts. */
    public record Page(List<SessionView> items) {}
}
