package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a model.
 *
 * @param text its words, empty when it only calls tools
 * @param model the model's name as the provider gave it
 * @param blocks the provider's own form of it, where it looked for tools in it: sent back as it came, or what it found is lost again
 */
public record Reply(
        String text,
        List<ToolCall> calls,
        Finish finish,
        Usage usage,
        String model,
        @Nullable JsonNode blocks) {
    public Reply {
        calls = List.copyOf(calls);
    }

    /** One in which nothing was looked for. */
    public Reply(String text, List<ToolCall> calls, Finish finish, Usage usage, String model) {
        this(text, calls, finish, usage, model, null);
    }

    /** Why a reply ended. */
    public enum Finish {
        /** The model had no more to say. */
        @JsonProperty("stop")
        STOP,
        /** It waits for its tools. */
        @JsonProperty("tools")
        TOOLS,
        /** The provider stopped in the midst of a search of its own, and goes on when it is sent back what it has said so far. */
        @JsonProperty("paused")
        PAUSED,
        /** The output limit cut it off: nothing of it may be executed. */
        @JsonProperty("length")
        LENGTH,
        /** The provider withheld it. */
        @JsonProperty("filtered")
        FILTERED
    }
}
