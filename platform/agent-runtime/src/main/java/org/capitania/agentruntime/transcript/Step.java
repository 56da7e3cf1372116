package org.capitania.agentruntime.transcript;

/** What a session has to do next. */
public sealed interface Step {
    /** Nothing happened yet: open it at the gateway. */
    record Open() implements Step {}

    /** Call the model. */
    record Think(int turn) implements Step {}

    /** Make a tool call. */
    record Act(int turn, int ordinal, ToolCall call) implements Step {}

    /** Give a tool call back to the model without making it. */
    record Decline(int turn, int ordinal, ToolCall call, String code, String message) implements Step {}

    /** Remind the model of what it forgot. */
    record Remind(int turn, String text) implements Step {}

    /** The session is over. */
    record End(Ending ending, String code, String reason) implements Step {}

    /** It is over: find out what it leaves behind. */
    record Remember(int turn, SessionEntry.Ended ended) implements Step {}

    /** It is over: put it away. */
    record Close(SessionEntry.Ended ended, Snapshot snapshot) implements Step {}

    /** It is put away. */
    record Done(SessionEntry.Ended ended) implements Step {}
}
