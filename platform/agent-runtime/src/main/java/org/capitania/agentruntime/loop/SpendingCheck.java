package org.capitania.agentruntime.loop;

import java.util.Optional;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelPolicy.Choice;

/** Asked before every model call; dollars are reserved by tool-registry at the call itself. */
@FunctionalInterface
public interface SpendingCheck {
    /** Empty when the call is within every cap, else how the session ends. */
    Optional<Ended> refusal(Ticket ticket, Transcript transcript, Choice choice);
}
