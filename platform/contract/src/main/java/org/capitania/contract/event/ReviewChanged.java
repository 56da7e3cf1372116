package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question for a person was opened, closed or put off ({@code review.opened}, {@code review.resolved}, {@code review.deferred}); key: the review.
 *
 * @param status how it stands; {@code review.resolved} tells of one that was dismissed or withdrawn as well
 * @param by the person who decided, or the service that withdrew it
 * @param subject what it was requested for; absent where a service opened it by a call
 */
public record ReviewChanged(
        String reviewId,
        String status,
        String kind,
        String title,
        @Nullable String nodeId,
        String openedBy,
        @Nullable String choice,
        @Nullable String note,
        @Nullable Instant until,
        @Nullable String by,
        @Nullable String subject,
        Instant occurredAt) {
    public static final String OPENED = "review.opened";
    public static final String RESOLVED = "review.resolved";
    public static final String DEFERRED = "review.deferred";
}
