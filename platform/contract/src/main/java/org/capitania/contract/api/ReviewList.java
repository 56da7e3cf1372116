package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/reviews}: questions that a person should answer, newest first. */
public record ReviewList(List<Review> items) {
    /** One open or closed question. */
    public record Review(
            String id,
            String kind,
            String status,
            String title,
            @Nullable String detail,
            @Nullable String nodeId,
            String openedBy,
            Instant createdAt) {}
}
