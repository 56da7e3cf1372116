package org.capitania.agentruntime.loop;

import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.transcript.Compaction;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Alarmed;
import org.capitania.agentruntime.transcript.SessionEntry.Compacted;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Transcript;

/**
 * Keeps a conversation inside its model's window: at 70 % the model is told, at 75 % results that nothing refers to any more are left out
 * (seeds 13.0, 21.4), and one that cannot be made smaller ends before a provider would refuse it.
 */
final class Room {
    private static final long ALARM = 70;
    private static final long COMPACT = 75;
    private static final long FULL = 95;

    /** What is aimed at: room for a good while, so that the cached beginning is not spoilt turn after turn. */
    private static final long AFTERWARDS = 50;

    /** In hundredths of the window: less is not worth a spoilt cache, as long as there is some room left. */
    private static final long WORTH = 5;

    private Room() {}

    /** What has to happen before the next call of the model; empty: nothing. */
    static Optional<SessionEntry> before(Transcript transcript, int turn, long window) {
        long size = ContextSize.next(transcript);
        if (size < window * ALARM / 100) {
            return Optional.empty();
        }
        if (!alarmed(transcript)) {
            return Optional.of(new Alarmed(turn, size, window));
        }
        if (size < window * COMPACT / 100) {
            return Optional.empty();
        }
        List<String> plan = Compaction.plan(transcript, size - window * AFTERWARDS / 100);
        boolean full = size >= window * FULL / 100;
        if (Compaction.frees(transcript, plan) >= (full ? 1 : window * WORTH / 100)) {
            return Optional.of(new Compacted(turn, plan, size));
        }
        return full
                ? Optional.of(new Ended(
                        Ending.FAILED,
                        "context_full",
                        "the conversation takes " + size + " of " + window + " tokens and nothing can be left out"))
                : Optional.empty();
    }

    /** Since room was made last. */
    private static boolean alarmed(Transcript transcript) {
        boolean alarmed = false;
        for (SessionEntry entry : transcript.entries()) {
            alarmed = entry instanceof Alarmed || (alarmed && !(entry instanceof Compacted));
        }
        return alarmed;
    }
}
