package org.capitania.agentruntime.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;

/** Puts a session away that nobody goes on with, without a model: it says why there is no memory of it (section 13.6 of the seeds). */
public final class LeftOpen {
    private final SessionStore store;
    private final String code;
    private final String reason;
    private final String noMemory;
    private final Predicate<Transcript> told;

    /**
     * A way for sessions to be left.
     *
     * @param code of the ending, where it has none
     * @param noMemory why there is no memory, where nothing says so
     * @param told of which tool-registry hears, from a later run: no run of its own is left to say it in
     */
    public LeftOpen(SessionStore store, String code, String reason, String noMemory, Predicate<Transcript> told) {
        this.store = store;
        this.code = code;
        this.reason = reason;
        this.noMemory = noMemory;
        this.told = told;
    }

    /** Closes it; whoever still wrote it is interrupted, or interrupts this. */
    public void close(Ticket ticket) {
        List<SessionEntry> entries = store.entries(ticket);
        Transcript transcript = new Transcript(ticket.sessionId(), entries);
        List<SessionEntry> last = new ArrayList<>();
        if (transcript.ended().isEmpty()) {
            last.add(new Ended(Ending.FAILED, code, reason));
        }
        if (transcript.all(Remembered.class).isEmpty()) {
            last.add(new Remembered(Snapshot.without(code, noMemory)));
        }
        if (told.test(transcript)) {
            last.add(new Refused(code, "nobody was left to put it away"));
        }
        last.add(new Closed(null));
        store.append(ticket, entries.size(), last);
    }
}
