package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wake and why ({@code GET /v1/wakes}).
 *
 * @param state open, fenced, published, running, done or failed
 * @param heldReason why it does not go on now, if it does not: paused, memory, cap, back-off
 */
public record WakeView(
        String wakeId,
        String role,
        String state,
        String reason,
        @Nullable String heldReason,
        int attempt,
        @Nullable String runId,
        long fence,
        Instant openedAt,
        @Nullable Instant notBefore,
        @Nullable Instant endedAt,
        List<TaskView> tasks) {

    /**
     * A task of a wake.
     *
     * @param person who has to look at it, once the supervisor has given up on it
     */
    public record TaskView(
            String taskId,
            @Nullable String conversationId,
            String state,
            int attempts,
            boolean tainted,
            int events,
            @Nullable Instant notBefore,
            @Nullable String person,
            @Nullable String reason) {}

    /** A page of wakes, newest first. */
    public record Page(List<WakeView> items) {}
}
