package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended in a run.
 *
 * @param reason in one sentence for people; what {@code <task-complete reason="…"/>} said
 */
public record TaskOutcome(
        String taskId, Outcome outcome, @Nullable String reason) {

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
        /** A cap or a freeze stopped it; tried again later, which does not count as an attempt. */
        @JsonProperty("frozen")
        FROZEN
    }
}
