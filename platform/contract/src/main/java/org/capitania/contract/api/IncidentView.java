package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something the watchdog found wrong ({@code GET /v1/incidents}).
 *
 * @param subject what it is about, for example {@code service:graph-service} or {@code run:<id>}; one open incident per check and subject
 * @param tier soft, medium, hard or critical
 * @param state open or cleared
 * @param actions what the watchdog did about it, in order
 */
public record IncidentView(
        String incidentId,
        String check,
        String subject,
        String tier,
        String state,
        String detail,
        @Nullable String role,
        @Nullable String taskId,
        int seen,
        Instant openedAt,
        Instant lastSeenAt,
        @Nullable Instant clearedAt,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        List<String> actions) {

    /** A page of incidents, newest first. */
    public record Page(List<IncidentView> items) {}
}
