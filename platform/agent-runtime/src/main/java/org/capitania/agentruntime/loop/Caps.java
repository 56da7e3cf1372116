package org.capitania.agentruntime.loop;

import java.util.Optional;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;

/**
 * The share of a run's tokens that a subagent was given. A token counts once, however often the conversation it stands in is sent again. The
 * next call is counted in with what has come since the last one, so that the call which would pass the share is not made.
 *
 * @param tokens the share
 */
public record Caps(long tokens) implements SpendingCheck {
    @Override
    public Optional<Ended> refusal(Ticket ticket, Transcript transcript) {
        long used = ContextSize.consumed(transcript) + ContextSize.started(transcript);
        if (used + ContextSize.since(transcript) > tokens) {
            return Optional.of(new Ended(
                    Ending.FROZEN,
                    "budget_exhausted",
                    "the next turn would pass the cap of " + tokens + " tokens; used so far: " + used));
        }
        return Optional.empty();
    }
}
