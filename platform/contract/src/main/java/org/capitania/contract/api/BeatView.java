package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A beat as {@code GET /v1/beats} shows it.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week; {@code off} when it does not fire
 * @param missed what becomes of due times that went by while nobody looked: once, or skip
 * @param nextDueAt absent when it is off
 */
public record BeatView(
        String name,
        @Nullable String role,
        String description,
        String cron,
        String zone,
        String missed,
        @Nullable Instant nextDueAt,
        @Nullable Instant lastDueAt,
        @Nullable Instant lastFiredAt) {

    /** All of a tenant, by name. */
    public record Page(List<BeatView> items) {}
}
