package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a session ended. */
public enum Ending {
    /** The model said that the task is complete. */
    @JsonProperty("finished")
    FINISHED,
    /** It fell off, looped, ran out of turns, or a provider refused it. */
    @JsonProperty("failed")
    FAILED,
    /** A cap is reached, or no provider takes our key; a later run begins a fresh session. */
    @JsonProperty("frozen")
    FROZEN
}
