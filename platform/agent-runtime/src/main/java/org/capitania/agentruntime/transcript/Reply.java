package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One answer of a model.
 *
 * @param text its words, empty when it only calls tools
 * @param model the model's name as the provider gave it
 */
public record Reply(String text, List<ToolCall> calls, Finish finish, Usage usage, String model) {
    public Reply {
        calls = List.copyOf(calls);
    }

    /** Why a reply ended. */
    public enum Finish {
        /** The model had no more to say. */
        @JsonProperty("stop")
        STOP,
        /** It waits for its tools. */
        @JsonProperty("tools")
        TOOLS,
        /** The output limit cut it off: nothing of it may be executed. */
        @JsonProperty("length")
        LENGTH,
        /** The provider withheld it. */
        @JsonProperty("filtered")
        FILTERED
    }
}
