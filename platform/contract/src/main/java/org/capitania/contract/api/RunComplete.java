package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run is over ({@code POST /v1/runs/{id}/complete}); refused with {@code lease_lost} when the fence is not the current one. The same completion may be repeated.
 *
 * @param tasks the outcome of every task of the run that has not been reported with a heartbeat; a task that is missing counts as failed
 * @param taken ids of appended events that were stored since the last heartbeat; an appended event that was never taken starts a new wake
 */
public record RunComplete(
        long fence,
        Outcome outcome,
        List<TaskOutcome> tasks,
        @Nullable List<String> taken) {

    /** How it ended. */
    public enum Outcome {
        @JsonProperty("finished")
        FINISHED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("frozen")
        FROZEN,
        /** The agent process gives the run up, for instance at shutdown: it is resumed at once, which does not count as an attempt. */
        @JsonProperty("lost")
        LOST
    }

    /** The answer: what the supervisor did with it. */
    public record Completed(
            String runId, String state, @Nullable String nextWakeId) {}
}
