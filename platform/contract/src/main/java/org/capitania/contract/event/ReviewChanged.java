package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/** A review took a step ({@code review.opened}, {@code review.resolved}); key: the review. */
public record ReviewChanged(
        String reviewId,
        String kind,
        String status,
        String title,
        @Nullable String subject,
        @Nullable String resolution) {
    public static final String OPENED = "review.opened";
    public static final String RESOLVED = "review.resolved";
}
