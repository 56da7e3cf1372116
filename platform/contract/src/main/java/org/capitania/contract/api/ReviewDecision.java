package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/reviews/{id}/resolve}, {@code defer} and {@code dismiss}.
 *
 * @param choice for resolve: the option's id
 * @param note for resolve: what there is to say to it
 * @param until for defer: until when; for good where it is left out
 * @param reason for dismiss: why
 */
public record ReviewDecision(
        @Nullable String choice,
        @Nullable String note,
        @Nullable Instant until,
        @Nullable String reason) {}
