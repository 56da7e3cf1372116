package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a company keeps closed history ({@code GET /v1/retention}).
 *
 * @param keepDays absent: for ever, which is what nobody chose
 * @param knownSince history before has been removed, and a question about it answers 410 {@code history_removed}; absent while it is whole
 * @param chosenBy who chose; absent while nobody has
 */
public record Retention(
        @Nullable Integer keepDays,
        @Nullable Instant knownSince,
        @Nullable String chosenBy,
        @Nullable Instant chosenAt,
        @Nullable String reason) {
    public static final int FEWEST_DAYS = 30;
    public static final int MOST_DAYS = 36_500;

    /**
     * The owner's choice ({@code POST /v1/retention}); it takes effect within hours, or with {@code POST /v1/retention/removals}.
     *
     * @param keepDays 30 to 36,500; null: for ever
     */
    public record Choice(@Nullable Integer keepDays) {}

    /**
     * What a removal took away, as {@code nodes.history_removed} says too.
     *
     * @param knownSince since when history is whole afterwards; absent when it has always been
     */
    public record Removal(int nodes, int edges, @Nullable Instant knownSince) {}
}
