package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.jspecify.annotations.Nullable;

/**
 * A run renews its lease ({@code POST /v1/runs/{id}/heartbeat}), every ten seconds or sooner; refused with {@code lease_lost} when the fence is not the current one.
 *
 * @param steps how many entries the run's sessions have written so far: the watchdog sees progress by it
 * @param taken ids of appended events that the agent has stored since its last heartbeat; the others are sent again
 * @param ended tasks that ended since the last heartbeat; later events of their conversation make a new task
 */
public record RunHeartbeat(
        long fence,
        @Nullable Long steps,
        @Nullable List<String> taken,
        @Nullable List<TaskOutcome> ended) {

    /**
     * The answer.
     *
     * @param appended events that came for this wake since it was published and are not yet taken, by task; a task id not seen before is a new task
     * @param command what the run has to do now, if anything
     * @param freshFrom sessions opened before then end at their next step and go on in fresh ones; absent: none has to
     */
    public record Renewed(
            Instant leaseExpiresAt,
            List<AgentTask> appended,
            @Nullable Command command,
            @Nullable Instant freshFrom) {}

    /** What a run is told. */
    public enum Command {
        /** End the turn that is going on and complete the run; its unfinished tasks are reported as failed. */
        @JsonProperty("stop")
        STOP
    }
}
