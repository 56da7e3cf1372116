package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of an agent ({@code GET /v1/runs}).
 *
 * @param state published, running, finished, failed, frozen, lost (the lease ran out) or unclaimed
 * @param stopRequested why it was told to stop, if it was
 */
public record RunView(
        String runId,
        String wakeId,
        String role,
        String state,
        long fence,
        int attempt,
        @Nullable String instance,
        Instant startedAt,
        @Nullable Instant claimedAt,
        @Nullable Instant lastHeartbeatAt,
        @Nullable Instant progressAt,
        long steps,
        @Nullable Instant leaseExpiresAt,
        @Nullable Instant endedAt,
        @Nullable String reason,
        @Nullable String stopRequested) {

    /** A page of runs, newest first. */
    public record Page(List<RunView> items) {}

    /** Asks a run to stop ({@code POST /v1/runs/{id}/stop}); it learns of it with its next heartbeat. */
    public record Stop(String reason) {}
}
