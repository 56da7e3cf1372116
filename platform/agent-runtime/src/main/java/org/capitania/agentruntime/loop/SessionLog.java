package org.capitania.agentruntime.loop;

import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;

/**
 * The entries of a session that is run. What is added is in the store before the loop acts on it, together with all that came since it acted
 * last: entries that follow from each other without an act between them are lost together, and follow again.
 */
final class SessionLog {
    private final Ticket ticket;
    private final SessionStore store;
    private final List<SessionEntry> entries;
    private int written;

    SessionLog(Ticket ticket, SessionStore store) {
        this.ticket = ticket;
        this.store = store;
        this.entries = new ArrayList<>(store.entries(ticket));
        this.written = entries.size();
    }

    Transcript transcript() {
        return new Transcript(ticket.sessionId(), entries);
    }

    void add(List<? extends SessionEntry> added) {
        entries.addAll(added);
    }

    /** Writes what is not in the store yet; to be called before anything is done that somebody else can see. */
    void write() {
        if (written < entries.size()) {
            int known = written;
            // What could not be written once is not tried again: another run may have written meanwhile.
            written = entries.size();
            store.append(ticket, known, List.copyOf(entries.subList(known, written)));
        }
    }

    /** The same where the loop goes no further, so that what came of its last act is not lost. */
    void writeAfter(RuntimeException why) {
        try {
            write();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }
}
