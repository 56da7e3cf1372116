package org.capitania.agentruntime.transcript;

import java.util.List;
import java.util.Set;
import org.capitania.agentruntime.transcript.SessionEntry.Compacted;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Reminded;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.workspace.TokenCount;
import org.jspecify.annotations.Nullable;

/** How long a conversation is, in tokens: as the provider counted it with the last reply, and by a guess for what no provider has counted yet. */
public final class ContextSize {
    /** What is shown of a result that was left out. */
    private static final int LEFT_OUT = 60;

    private static volatile @Nullable Sized sized;

    private record Sized(List<ToolDefinition> tools, long size) {}

    private ContextSize() {}

    /** What the next request will take of the model's window. */
    public static long next(Transcript transcript) {
        Reply last = transcript.lastReply();
        if (last == null || last.usage().prompt() == 0) {
            return guess(transcript.entries(), transcript.leftOut());
        }
        return Math.max(0, last.usage().prompt() + last.usage().output() + since(transcript));
    }

    /** What has come into the conversation since the last reply, less what was left out of it since; all of it when there is no reply. */
    public static long since(Transcript transcript) {
        List<SessionEntry> entries = transcript.entries();
        int last = entries.size() - 1;
        while (last >= 0 && !(entries.get(last) instanceof Replied)) {
            last--;
        }
        List<SessionEntry> since = entries.subList(last + 1, entries.size());
        long size = guess(since, Set.of());
        for (SessionEntry entry : since) {
            if (entry instanceof Compacted compacted) {
                for (Returned returned : transcript.all(Returned.class)) {
                    size -= compacted.callIds().contains(returned.callId()) ? size(returned) - LEFT_OUT : 0;
                }
            }
        }
        return size;
    }

    /** Every token that has ever stood in the conversation, once, however often it was sent: a longer prompt counts with what is new in it. */
    public static long consumed(Transcript transcript) {
        long consumed = 0;
        long before = 0;
        for (Reply reply : transcript.replies()) {
            consumed +=
                    Math.max(0, reply.usage().prompt() - before) + reply.usage().output();
            before = reply.usage().prompt() + reply.usage().output();
        }
        return consumed;
    }

    /** The tokens of the subagents that the session has started, as their results say. */
    public static long started(Transcript transcript) {
        return transcript.all(Returned.class).stream()
                .filter(returned -> ToolCall.starts(returned.tool()))
                .mapToLong(returned -> returned.content().at("/data/tokens").asLong(0))
                .sum();
    }

    /** What a result takes as long as it is shown whole. */
    static long size(Returned returned) {
        return TokenCount.estimate(returned.content().toString());
    }

    private static long guess(List<SessionEntry> entries, Set<String> leftOut) {
        long size = 0;
        for (SessionEntry entry : entries) {
            size += switch (entry) {
                case Opened opened -> opened(opened);
                case Received received ->
                    received.items().stream()
                            .mapToLong(
                                    i -> LEFT_OUT + TokenCount.estimate(i.data().toString()))
                            .sum();
                case Replied replied -> replied(replied.reply());
                case Returned returned -> leftOut.contains(returned.callId()) ? LEFT_OUT : size(returned);
                case Reminded reminded -> TokenCount.estimate(reminded.text());
                case SessionEntry.Alarmed a -> LEFT_OUT;
                case Compacted c -> 0;
                case SessionEntry.Asked a -> 0;
                case SessionEntry.Ended e -> 0;
                case SessionEntry.Remembered r -> 0;
                case SessionEntry.Refused r -> TokenCount.estimate(r.detail());
                case SessionEntry.Closed c -> 0;
            };
        }
        return size;
    }

    private static long opened(Opened opened) {
        return TokenCount.estimate(opened.system()) + TokenCount.estimate(opened.header()) + tools(opened.tools());
    }

    /** They are long, and mostly those of the session before. */
    private static long tools(List<ToolDefinition> tools) {
        Sized last = sized;
        if (last == null || !last.tools().equals(tools)) {
            last = new Sized(
                    tools,
                    tools.stream()
                            .mapToLong(
                                    tool -> TokenCount.estimate(tool.name() + tool.description() + tool.inputSchema()))
                            .sum());
            sized = last;
        }
        return last.size();
    }

    private static long replied(Reply reply) {
        return TokenCount.estimate(reply.text())
                + reply.calls().stream()
                        .mapToLong(call -> TokenCount.estimate(call.tool() + call.arguments()))
                        .sum();
    }
}
