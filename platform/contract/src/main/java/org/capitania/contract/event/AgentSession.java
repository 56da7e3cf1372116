package org.capitania.contract.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A session began or ended ({@code agent.session_opened}, {@code agent.session_closed}); key: the session. */
public record AgentSession(
        String sessionId,
        String taskId,
        String role,
        @Nullable String runId,
        String model,
        int turns,
        BigDecimal costUsd,
        @Nullable String outcome,
        @Nullable String reasonClosed) {
    public static final String OPENED = "agent.session_opened";
    public static final String CLOSED = "agent.session_closed";
}
