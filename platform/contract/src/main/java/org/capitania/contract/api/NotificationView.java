package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something an agent told the owner, which stands in the console until a person resolves it ({@code GET /v1/notifications}).
 *
 * @param from who told it, for example {@code agent:chief}
 * @param urgency {@code now} or {@code today}
 * @param tainted whether its task had read content from outside
 */
public record NotificationView(
        String id,
        String from,
        String urgency,
        String text,
        List<About> about,
        boolean tainted,
        @Nullable String taskId,
        Instant sentAt,
        @Nullable Instant resolvedAt,
        @Nullable String resolvedBy) {

    /** A node that it concerns, with its title as it was. */
    public record About(String id, String title) {}

    /**
     * What tool-registry hands in ({@code POST /v1/notifications}), under the call's id as {@code Idempotency-Key}.
     *
     * @param businessKey while one with the same key is open, it is that one
     */
    public record Request(
            String urgency,
            String text,
            List<About> about,
            boolean tainted,
            @Nullable String taskId,
            String businessKey) {}

    /** The answer: {@code already} when it was told before and is open still, or under the same call. */
    public record Sent(NotificationView notification, boolean already) {}

    /** Some of them, newest first. */
    public record Page(List<NotificationView> items) {}
}
