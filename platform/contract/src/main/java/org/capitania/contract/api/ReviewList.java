package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/reviews}: questions that a person should answer, newest first. */
public record ReviewList(List<Review> items) {
    /**
     * One open or closed question.
     *
     * @param status {@code open}, {@code deferred}, {@code resolved} or {@code dismissed}; one that was put off counts as open from then on
     * @param choice the option that was chosen
     * @param note what was said to the choice, or why it was dismissed
     * @param subject what it was asked for, where a service asked by an event
     * @param decidedBy the person who resolved, deferred or dismissed it last
     */
    public record Review(
            String id,
            String kind,
            String status,
            String title,
            @Nullable String detail,
            @Nullable String nodeId,
            String openedBy,
            Instant createdAt,
            List<Option> options,
            @Nullable String choice,
            @Nullable String note,
            @Nullable Instant deferredUntil,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String subject) {}

    /** What may be chosen. */
    public record Option(String id, String label) {}
}
