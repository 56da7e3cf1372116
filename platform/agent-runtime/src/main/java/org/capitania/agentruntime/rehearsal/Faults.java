package org.capitania.agentruntime.rehearsal;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;

/** What a language model may do badly, done on purpose. Whether it was done before is read from the transcript, so a restart changes nothing. */
final class Faults {
    /** The kinds there are. */
    enum Kind {
        SLOW,
        LOOP,
        FORGET_SENTINEL,
        WRONG_TOOL,
        CUT_OFF
    }

    private static final String ALWAYS = "always";
    private static final String WORDS =
            "expected slow:2s, loop, forget-sentinel, wrong-tool or cut-off, the last three perhaps with :always";

    private final Map<Kind, String> kinds = new EnumMap<>(Kind.class);
    private Duration slow = Duration.ZERO;

    private Faults() {}

    /** Reads a setting; a word nobody knows stops the start. */
    static Faults of(List<String> words) {
        Faults faults = new Faults();
        for (String word : words) {
            String[] parts = word.strip().split(":", 2);
            String argument = parts.length == 2 ? parts[1].strip() : "";
            try {
                Kind kind = Kind.valueOf(parts[0].strip().replace('-', '_').toUpperCase(Locale.ROOT));
                if (kind == Kind.SLOW) {
                    faults.slow = Duration.parse("PT" + argument.toUpperCase(Locale.ROOT));
                } else if (!argument.isEmpty() && !argument.equals(ALWAYS)) {
                    throw new IllegalArgumentException(argument);
                }
                faults.kinds.put(kind, argument);
            } catch (IllegalArgumentException | java.time.format.DateTimeParseException e) {
                throw new IllegalArgumentException("hq.rehearsal.faults has \"" + word + "\", " + WORDS, e);
            }
        }
        return faults;
    }

    /** The reply as it comes out. */
    Reply spoil(Reply reply, Transcript transcript) {
        List<ToolCall> calls = reply.calls();
        if (calls.isEmpty()) {
            boolean forget = due(
                    Kind.FORGET_SENTINEL,
                    !transcript.all(SessionEntry.Reminded.class).isEmpty());
            return forget ? saying(reply, withoutSentinel(reply.text()), Finish.STOP, calls) : reply;
        }
        if (kinds.containsKey(Kind.LOOP)) {
            ToolCall first = transcript.replies().stream()
                    .flatMap(r -> r.calls().stream())
                    .findFirst()
                    .orElse(calls.getFirst());
            return saying(
                    reply,
                    reply.text(),
                    reply.finish(),
                    List.of(renamed(first, first.tool(), calls.getFirst().id())));
        }
        if (due(
                Kind.WRONG_TOOL,
                transcript.all(SessionEntry.Returned.class).stream()
                        .anyMatch(r -> !r.executed() && "unknown_tool".equals(r.code())))) {
            ToolCall call = calls.getFirst();
            return saying(reply, reply.text(), reply.finish(), List.of(renamed(call, call.tool() + "_v2", call.id())));
        }
        if (due(Kind.CUT_OFF, transcript.replies().stream().anyMatch(r -> r.finish() == Finish.LENGTH))) {
            ToolCall call = calls.getFirst();
            String half = call.arguments().substring(0, call.arguments().length() / 2);
            return saying(reply, reply.text(), Finish.LENGTH, List.of(new ToolCall(call.id(), call.tool(), half)));
        }
        return reply;
    }

    private boolean due(Kind kind, boolean before) {
        return kinds.containsKey(kind) && (!before || ALWAYS.equals(kinds.get(kind)));
    }

    /** Says it word by word; when it is slow, with pauses that come to as much. */
    void say(String text, Consumer<String> said) {
        String[] words = text.split("(?<=\\s)(?=\\S)", -1);
        for (String word : words) {
            pause(slow.dividedBy(words.length));
            said.accept(word);
        }
    }

    private static void pause(Duration slow) {
        if (slow.isZero()) {
            return;
        }
        try {
            new CountDownLatch(1).await(slow.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure(
                    ModelFailure.Kind.TIMEOUT, "interrupted while the rehearsal model was slow", null, e);
        }
    }

    private static String withoutSentinel(String text) {
        return org.capitania.agentruntime.transcript.Sentinel.without(text);
    }

    private static ToolCall renamed(ToolCall call, String tool, String id) {
        return new ToolCall(id, tool, call.arguments());
    }

    private static Reply saying(Reply reply, String text, Finish finish, List<ToolCall> calls) {
        return new Reply(text, calls, finish, reply.usage(), reply.model());
    }
}
