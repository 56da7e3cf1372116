package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended in a run.
 *
 * @param reason in one sentence for people; what {@code <task-complete reason="…"/>} said
 * @param until of a frozen task: not before then; absent: after a while
 */
public record TaskOutcome(
        String taskId,
        Outcome outcome,
        @Nullable String reason,
        @Nullable Instant until) {

    public TaskOutcome(String taskId, Outcome outcome, @Nullable String reason) {
        this(taskId, outcome, reason, null);
    }

    /** How it ended. */
    public enum Outcome {
        /** Done. */
        @JsonProperty("finished")
        FINISHED,
        /** The agent will not do it and says why; not tried again. */
        @JsonProperty("refused")
        REFUSED,
        /** It did not work; tried again with back-off, five times in all. */
        @JsonProperty("failed")
        FAILED,
        /** It would fail the same way every time: a person is named at once. */
        @JsonProperty("given_up")
        GIVEN_UP,
        /** A cap or a freeze stopped it; tried again later, which does not count as an attempt. */
        @JsonProperty("frozen")
        FROZEN
    }
}
