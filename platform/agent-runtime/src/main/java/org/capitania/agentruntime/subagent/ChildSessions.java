package org.capitania.agentruntime.subagent;

import org.capitania.agentruntime.transcript.Ticket;

/** Where it is kept which session a call has started. */
@FunctionalInterface
public interface ChildSessions {
    /** Notes the session that the ticket's call has started; false when it was noted before. */
    boolean begin(Ticket ticket, String parentSession, String subagent);
}
