package org.capitania.agentruntime.loop;

import java.util.Optional;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;

/** What the loop asks before a model call beside the gateway, which holds the caps of a run: the share that a subagent was given. */
public interface SpendingCheck {
    SpendingCheck NONE = (ticket, transcript) -> Optional.empty();

    /** Why the session ends instead of asking a model once more; empty when it may. */
    Optional<Ended> refusal(Ticket ticket, Transcript transcript);
}
