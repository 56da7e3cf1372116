package org.capitania.agentruntime.rehearsal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.model.ModelRequest.Purpose;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.agentruntime.workspace.TokenCount;

/**
 * What a call would have used, counted by a real tokenizer and told as a provider with a prompt cache tells it: what the last call of the
 * conversation sent is read from the cache, what is new is written to it. A prompt below the cache's least size is neither.
 */
final class RehearsedUsage {
    /** Anthropic's least length of what is cached. */
    static final int LEAST_CACHED = 1024;

    /** What a provider writes around a message, a call or a result. */
    private static final int AROUND = 4;

    private static final int REMEMBERED = 64;

    /** Prompts and tool lists are long and few: they are counted once. */
    private final Map<String, Integer> counted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };

    Usage of(ModelRequest request, String text, List<ToolCall> calls) {
        Transcript transcript = request.transcript();
        long prompt = prompt(request);
        long output = TokenCount.of(text) + AROUND;
        for (ToolCall call : calls) {
            output += TokenCount.of(call.tool() + call.arguments()) + AROUND;
        }
        if (prompt < LEAST_CACHED) {
            return new Usage(prompt, output, 0, 0);
        }
        Reply last = transcript.lastReply();
        // A snapshot sends no tools, and so finds nothing of what was cached with them.
        long before = last == null || request.purpose() == Purpose.SNAPSHOT
                ? 0
                : Math.min(last.usage().cacheRead() + last.usage().cacheWrite(), prompt);
        return new Usage(0, output, before, prompt - before);
    }

    private long prompt(ModelRequest request) {
        Transcript transcript = request.transcript();
        Set<String> leftOut = transcript.leftOut();
        long tokens = request.tools().stream()
                .mapToLong(t -> once(t.name() + t.description() + t.inputSchema()))
                .sum();
        for (SessionEntry entry : transcript.entries()) {
            tokens += switch (entry) {
                case Opened opened -> once(opened.system()) + TokenCount.of(opened.header()) + AROUND;
                case Received received ->
                    received.items().stream()
                            .mapToLong(i -> TokenCount.of(i.type() + i.actor() + i.data()) + AROUND)
                            .sum();
                case Replied replied -> said(replied.reply());
                case Returned returned ->
                    AROUND
                            + (leftOut.contains(returned.callId())
                                    ? 0
                                    : TokenCount.of(returned.content().toString()));
                case SessionEntry.Reminded reminded -> TokenCount.of(reminded.text()) + AROUND;
                case SessionEntry.Refused refused -> TokenCount.of(refused.detail()) + AROUND;
                case SessionEntry.Alarmed a -> AROUND;
                case SessionEntry.Compacted c -> 0;
                case SessionEntry.Asked a -> 0;
                case SessionEntry.Ended e -> 0;
                case SessionEntry.Remembered r -> 0;
                case SessionEntry.Closed c -> 0;
            };
        }
        return tokens;
    }

    private static long said(Reply reply) {
        long tokens = TokenCount.of(reply.text()) + AROUND;
        for (ToolCall call : reply.calls()) {
            tokens += TokenCount.of(call.tool() + call.arguments()) + AROUND;
        }
        return tokens;
    }

    private int once(String text) {
        synchronized (counted) {
            return counted.computeIfAbsent(text, TokenCount::of);
        }
    }
}
