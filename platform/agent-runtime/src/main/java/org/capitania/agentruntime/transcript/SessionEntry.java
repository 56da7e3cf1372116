package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.capitania.agentruntime.workspace.ModelClass;
import org.jspecify.annotations.Nullable;

/** One thing that happened in a session. Appended before the next step, never changed: the list alone says where the session stands. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SessionEntry.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = SessionEntry.Received.class, name = "received"),
    @JsonSubTypes.Type(value = SessionEntry.Asked.class, name = "asked"),
    @JsonSubTypes.Type(value = SessionEntry.Replied.class, name = "replied"),
    @JsonSubTypes.Type(value = SessionEntry.Returned.class, name = "returned"),
    @JsonSubTypes.Type(value = SessionEntry.Reminded.class, name = "reminded"),
    @JsonSubTypes.Type(value = SessionEntry.Alarmed.class, name = "alarmed"),
    @JsonSubTypes.Type(value = SessionEntry.Compacted.class, name = "compacted"),
    @JsonSubTypes.Type(value = SessionEntry.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = SessionEntry.Remembered.class, name = "remembered"),
    @JsonSubTypes.Type(value = SessionEntry.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = SessionEntry.Closed.class, name = "closed")
})
public sealed interface SessionEntry {

    /** What a session is for. */
    enum Purpose {
        @JsonProperty("task")
        TASK,
        @JsonProperty("ask")
        ASK,
        @JsonProperty("subagent")
        SUBAGENT
    }

    /**
     * The session began; everything the model is told beside the events, and the tools it may call from here on.
     *
     * @param system the static layer
     * @param header the reconstruction header
     */
    record Opened(
            Purpose purpose,
            String role,
            String provider,
            String workspaceVersion,
            String system,
            String header,
            List<ToolDefinition> tools)
            implements SessionEntry {
        /** The same with no tools. */
        public Opened withoutTools() {
            return new Opened(purpose, role, provider, workspaceVersion, system, header, List.of());
        }
    }

    /** Events and messages came in. */
    record Received(List<Incoming> items) implements SessionEntry {}

    /**
     * A model is about to be called.
     *
     * @param attempt 1, or more after a call whose answer never came
     */
    record Asked(int turn, int attempt, String callId, ModelClass modelClass) implements SessionEntry {}

    /** The model answered. */
    record Replied(int turn, Reply reply) implements SessionEntry {}

    /**
     * A tool call came back, or was not made at all.
     *
     * @param executed false: it never reached the gateway, because it was cut off, malformed or not a tool of this session
     * @param status the gateway's word for it
     * @param content what the model is shown
     */
    record Returned(
            int turn,
            int ordinal,
            String callId,
            String tool,
            boolean executed,
            boolean ok,
            String status,
            @Nullable String code,
            JsonNode content)
            implements SessionEntry {}

    /** The harness spoke to the model. */
    record Reminded(int turn, String text) implements SessionEntry {}

    /**
     * The conversation comes near the end of the model's window; the model is told.
     *
     * @param tokens what the next request would have taken
     */
    record Alarmed(int turn, long tokens, long window) implements SessionEntry {}

    /**
     * Room was made: these results are not shown any more. They stay here.
     *
     * @param callIds of the calls whose results are left out from here on
     * @param tokens what the next request would have taken with them
     */
    record Compacted(int turn, List<String> callIds, long tokens) implements SessionEntry {
        public Compacted {
            callIds = List.copyOf(callIds);
        }
    }

    /**
     * The session is over; what follows only puts it away.
     *
     * @param code {@code task_complete}, or the failure's name
     * @param reason the sentinel's reason, or what happened, for people
     * @param until of a frozen one: it is not worth trying again before then
     */
    record Ended(
            Ending ending,
            String code,
            String reason,
            @Nullable Instant until) implements SessionEntry {
        public Ended(Ending ending, String code, String reason) {
            this(ending, code, reason, null);
        }
    }

    /** What it leaves behind is known. */
    record Remembered(Snapshot snapshot) implements SessionEntry {}

    /**
     * What it was to leave behind was not taken, because nobody could read it or because tool-registry refused it.
     *
     * @param code {@code snapshot}, or the refusal's name
     * @param detail what was wrong, for the model that writes it again
     */
    record Refused(String code, String detail) implements SessionEntry {}

    /**
     * It is put away, here and at the gateway; here only where nothing was remembered since it was refused there.
     *
     * @param costUsd what its model calls came to, by tool-registry's books; absent where they could not be asked
     */
    record Closed(@Nullable BigDecimal costUsd) implements SessionEntry {}
}
