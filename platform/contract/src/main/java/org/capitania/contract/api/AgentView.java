package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the supervisor sees it ({@code GET /v1/agents}).
 *
 * @param pausedUntil when it resumes by itself; absent while paused: until someone resumes it
 * @param lastSeen when its process last registered or renewed a run
 * @param queued events that wait for it
 * @param held why its wake does not go on now
 * @param restingSince when its process was stopped because there was nothing to do; absent otherwise, and once a start of it was in vain
 */
public record AgentView(
        String role,
        State state,
        @Nullable String pausedReason,
        @Nullable String pausedBy,
        @Nullable Instant pausedUntil,
        @Nullable LastRun lastRun,
        int queued,
        @Nullable String held,
        @Nullable Instant restingSince,
        @Nullable Instant lastSeen,
        @Nullable String instance,
        @Nullable String url,
        @Nullable String workspaceVersion,
        List<RegisterAgent.Trigger> triggers) {

    /** The latest run of a role. */
    public record LastRun(
            String runId,
            String state,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    /** Presence. */
    public enum State {
        /** A run is going on. */
        @JsonProperty("warm")
        WARM,
        /** A run ended less than 90 seconds ago. */
        @JsonProperty("cooldown")
        COOLDOWN,
        /** The process is up, its loop dormant. */
        @JsonProperty("cold")
        COLD,
        /** No process is known. */
        @JsonProperty("stopped")
        STOPPED,
        /** A person stopped it from waking. */
        @JsonProperty("paused")
        PAUSED;

        /** The name on the wire. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
