package org.capitania.agentruntime.loop;

import java.util.List;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.Ticket;

/** The store a session is appended to; the only thing a resumed run knows. */
public interface SessionStore {
    List<SessionEntry> entries(Ticket ticket);

    /**
     * Appends entries after the {@code known} ones that are there already. When there are more than that, another run writes this
     * session: {@link RunInterrupted}.
     */
    void append(Ticket ticket, int known, List<SessionEntry> entries);
}
