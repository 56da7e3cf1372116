package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored grade of one act; the latest of an act stands. */
public record AnnotationView(
        String id,
        String actionId,
        @Nullable String taskId,
        String grade,
        @Nullable String note,
        String annotator,
        Instant createdAt) {}
