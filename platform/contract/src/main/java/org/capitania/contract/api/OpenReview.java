package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/reviews}: a question for a person. The same {@code Idempotency-Key} is the same question.
 *
 * @param options what may be chosen; at least one
 */
public record OpenReview(
        String kind,
        String title,
        @Nullable String detail,
        @Nullable String nodeId,
        List<ReviewList.Option> options) {}
