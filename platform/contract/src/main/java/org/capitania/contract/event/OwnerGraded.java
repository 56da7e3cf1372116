package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person graded one act ({@code owner.graded}); key: the act. What the agents learn procedure from; the latest grade of an act stands.
 *
 * @param grade good, bad, missing (a step is missing after this one) or unnecessary
 */
public record OwnerGraded(
        String annotationId,
        String actionId,
        @Nullable String taskId,
        String grade,
        @Nullable String note,
        String by,
        Instant gradedAt) {
    public static final String TYPE = "owner.graded";
}
