package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An expectation's time has come ({@code obligation.due}, subject: its direction); key: the expectation.
 *
 * @param direction we_owe, they_owe or mutual
 */
public record ObligationDue(
        String id,
        String slug,
        String kind,
        String direction,
        @Nullable String severity,
        Instant dueAt) {
    public static final String TYPE = "obligation.due";
}
