package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Compacted;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.SessionEntry.Reminded;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.jspecify.annotations.Nullable;

/**
 * A session as its entries tell it. The next step follows from them alone: a session that is read back after a crash goes on exactly
 * where it was, with the same call ids.
 */
public final class Transcript {
    private final String sessionId;
    private final List<SessionEntry> entries;

    public Transcript(String sessionId, List<SessionEntry> entries) {
        this.sessionId = sessionId;
        this.entries = List.copyOf(entries);
    }

    public String sessionId() {
        return sessionId;
    }

    public List<SessionEntry> entries() {
        return entries;
    }

    /** The id of a tool call; the first one of a turn has ordinal 1. */
    public String callId(int turn, int ordinal) {
        return sessionId + ":" + turn + ":" + ordinal;
    }

    /** The id of a model call; a repeated attempt has its own, because a provider may have charged the first. */
    public String modelCallId(int turn, int attempt) {
        return sessionId + ":" + turn + ":model" + (attempt == 1 ? "" : "." + attempt);
    }

    /** How often the model was already asked for this turn. */
    public int attempts(int turn) {
        return (int) all(Asked.class).stream().filter(a -> a.turn() == turn).count();
    }

    public Optional<Opened> opened() {
        return all(Opened.class).stream().findFirst();
    }

    public Optional<Ended> ended() {
        return all(Ended.class).stream().findFirst();
    }

    public List<Reply> replies() {
        return all(Replied.class).stream().map(Replied::reply).toList();
    }

    public Usage usage() {
        return replies().stream().map(Reply::usage).reduce(Usage.NONE, Usage::plus);
    }

    /** The ids of the events and messages the session has been shown. */
    public Set<String> received() {
        Set<String> ids = new LinkedHashSet<>();
        all(Received.class).forEach(r -> r.items().forEach(i -> ids.add(i.id())));
        return ids;
    }

    /** Those of what has come in that the session has not been shown. */
    public List<Incoming> unseen(List<Incoming> items) {
        Set<String> seen = received();
        return items.stream().filter(item -> !seen.contains(item.id())).toList();
    }

    /** Whether the last word of the provider is that it goes on: nothing may be said to it before it has. */
    public boolean paused() {
        Reply last = lastReply();
        return last != null && last.finish() == Finish.PAUSED;
    }

    /** The calls whose results are not shown any more. */
    public Set<String> leftOut() {
        Set<String> ids = new LinkedHashSet<>();
        all(Compacted.class).forEach(c -> ids.addAll(c.callIds()));
        return ids;
    }

    /** All entries of one kind, in order. */
    public <E extends SessionEntry> List<E> all(Class<E> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What the session has to do next. */
    public Step next(Limits limits) {
        Optional<Ended> ended = ended();
        if (ended.isPresent()) {
            return afterEnd(ended.get());
        }
        if (opened().isEmpty()) {
            return new Step.Open();
        }
        int last = lastIndex(Replied.class);
        if (last < 0) {
            return think(0, limits);
        }
        Replied replied = (Replied) entries.get(last);
        List<Step> pending = pending(replied, limits);
        if (!pending.isEmpty()) {
            return pending.getFirst();
        }
        boolean spokenTo = entries.subList(last, entries.size()).stream()
                .anyMatch(e -> e instanceof Received || e instanceof Reminded);
        if (spokenTo || !replied.reply().calls().isEmpty()) {
            return think(replied.turn() + 1, limits);
        }
        return afterWords(replied, limits);
    }

    /** The calls of the last reply that have not come back, as far as they are to be made now, in order: side by side, where they can be. */
    public List<Step.Act> due(Limits limits) {
        List<Step.Act> due = new ArrayList<>();
        int last = ended().isPresent() ? -1 : lastIndex(Replied.class);
        if (last >= 0 && entries.get(last) instanceof Replied replied) {
            for (Step step : pending(replied, limits)) {
                if (!(step instanceof Step.Act act)) {
                    break;
                }
                due.add(act);
            }
        }
        return due;
    }

    private Step afterEnd(Ended ended) {
        if (!all(Closed.class).isEmpty()) {
            return new Step.Done(ended);
        }
        int remembered = lastIndex(Remembered.class);
        return remembered > lastIndex(Refused.class)
                ? new Step.Close(ended, ((Remembered) entries.get(remembered)).snapshot())
                : new Step.Remember(replies().size(), ended);
    }

    /** Why what it leaves behind was not taken, as long as nothing else has been offered since. */
    public Optional<Refused> unaccepted() {
        List<Refused> refused = all(Refused.class);
        return refused.isEmpty() || lastIndex(Remembered.class) > lastIndex(Refused.class)
                ? Optional.empty()
                : Optional.of(refused.getLast());
    }

    private Step think(int turn, Limits limits) {
        if (turn >= limits.maxTurns()) {
            return new Step.End(Ending.FAILED, "max_turns", "stopped after " + turn + " turns without a sentinel");
        }
        return new Step.Think(turn);
    }

    private List<Step> pending(Replied replied, Limits limits) {
        List<Step> pending = new ArrayList<>();
        List<ToolCall> calls = replied.reply().calls();
        Set<Integer> returned = new LinkedHashSet<>();
        all(Returned.class).stream().filter(r -> r.turn() == replied.turn()).forEach(r -> returned.add(r.ordinal()));
        for (int i = 0; i < calls.size(); i++) {
            int ordinal = i + 1;
            if (!returned.contains(ordinal)) {
                pending.add(step(replied, ordinal, calls.get(i), limits));
            }
        }
        return pending;
    }

    private Step step(Replied replied, int ordinal, ToolCall call, Limits limits) {
        if (replied.reply().finish() == Finish.LENGTH) {
            return decline(
                    replied,
                    ordinal,
                    call,
                    "cut_off",
                    "Your reply was cut off at the output limit, so this call was not made. Make it again, shorter.");
        }
        if (call.parsed().isEmpty()) {
            return decline(
                    replied,
                    ordinal,
                    call,
                    "invalid_arguments",
                    "The arguments are not one whole JSON object, so this call was not made. Send them again.");
        }
        boolean known =
                opened().orElseThrow().tools().stream().anyMatch(t -> t.name().equals(call.tool()));
        if (!known) {
            return decline(
                    replied,
                    ordinal,
                    call,
                    "unknown_tool",
                    "This session has no tool \"" + call.tool() + "\". Use one of those you were given.");
        }
        if (identicalBefore(replied.turn(), ordinal, call) >= limits.identicalCalls()) {
            return new Step.End(
                    Ending.FAILED,
                    "loop_stopped",
                    "the same call of " + call.tool() + " for the " + (limits.identicalCalls() + 1) + "th time");
        }
        return new Step.Act(replied.turn(), ordinal, call);
    }

    private static Step decline(Replied replied, int ordinal, ToolCall call, String code, String message) {
        return new Step.Decline(replied.turn(), ordinal, call, code, message);
    }

    /** Calls with the same tool and arguments since something last came in: new events may well be a reason to look again. */
    private int identicalBefore(int turn, int ordinal, ToolCall call) {
        int count = 0;
        for (SessionEntry entry : entries.subList(Math.max(0, lastIndex(Received.class)), entries.size())) {
            if (entry instanceof Replied r) {
                for (int i = 0; i < r.reply().calls().size(); i++) {
                    boolean earlier = r.turn() < turn || i + 1 < ordinal;
                    if (earlier && same(r.reply().calls().get(i), call)) {
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static boolean same(ToolCall a, ToolCall b) {
        return a.tool().equals(b.tool()) && canonical(a).equals(canonical(b));
    }

    private static String canonical(ToolCall call) {
        return call.parsed().map(Transcript::sorted).orElse(call.arguments());
    }

    private static String sorted(ObjectNode node) {
        TreeMap<String, String> fields = new TreeMap<>();
        node.properties()
                .forEach(e -> fields.put(
                        e.getKey(),
                        e.getValue() instanceof ObjectNode inner
                                ? sorted(inner)
                                : e.getValue().toString()));
        return fields.toString();
    }

    private Step afterWords(Replied replied, Limits limits) {
        Reply reply = replied.reply();
        if (reply.finish() == Finish.PAUSED) {
            // Nothing is said to it in between: whatever it says by now is not its last word.
            return think(replied.turn() + 1, limits);
        }
        if (reply.finish() == Finish.FILTERED) {
            return new Step.End(Ending.FAILED, "content_filtered", "the provider withheld the reply");
        }
        Optional<String> reason = reply.finish() == Finish.LENGTH ? Optional.empty() : Sentinel.reason(reply.text());
        if (reason.isPresent()) {
            return new Step.End(Ending.FINISHED, "task_complete", reason.get());
        }
        if (all(Reminded.class).size() < limits.reminders()) {
            return new Step.Remind(replied.turn(), reminder(reply));
        }
        return new Step.End(Ending.FAILED, "no_sentinel", "the model stopped without saying that the task is complete");
    }

    private static String reminder(Reply reply) {
        return reply.finish() == Finish.LENGTH
                ? "Your reply was cut off at the output limit. Go on from there, in fewer words."
                : "You called no tool and did not end the task. If it is done, say so on a line of its own with"
                        + " <task-complete reason=\"…\"/>; if it is not, go on.";
    }

    private int lastIndex(Class<? extends SessionEntry> kind) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (kind.isInstance(entries.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** The last reply, for what a caller wants to show of it. */
    public @Nullable Reply lastReply() {
        List<Reply> replies = new ArrayList<>(replies());
        return replies.isEmpty() ? null : replies.getLast();
    }
}
