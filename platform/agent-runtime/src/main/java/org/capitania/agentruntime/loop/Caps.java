package org.capitania.agentruntime.loop;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.Budget;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.ModelPolicy.Choice;

/**
 * The caps the loop keeps itself: tokens of a session, and turns of the large model in a day. A token counts once, however often the
 * conversation it stands in is sent again. The next call is counted in with what has come since the last one, so that the call which would
 * pass the cap is not made.
 */
public final class Caps implements SpendingCheck {
    private final Function<String, Budget> budgets;
    private final ToLongFunction<Ticket> largeTurnsToday;

    /**
     * With what each tenant allows.
     *
     * @param budgets by tenant
     */
    public Caps(Function<String, Budget> budgets, ToLongFunction<Ticket> largeTurnsToday) {
        this.budgets = budgets;
        this.largeTurnsToday = largeTurnsToday;
    }

    @Override
    public Optional<Ended> refusal(Ticket ticket, Transcript transcript, Choice choice) {
        Budget budget = budgets.apply(ticket.tenant());
        long used = ContextSize.consumed(transcript) + ContextSize.started(transcript);
        if (used + ContextSize.since(transcript) > budget.tokensPerRun()) {
            return Optional.of(new Ended(
                    Ending.FROZEN,
                    "budget_exhausted",
                    "the next turn would pass the cap of " + budget.tokensPerRun() + " tokens a run; used so far: "
                            + used));
        }
        if (choice.model() == ModelClass.OPUS && largeTurnsToday.applyAsLong(ticket) >= budget.largeTurnsPerDay()) {
            return Optional.of(new Ended(
                    Ending.FROZEN,
                    "budget_exhausted",
                    "the large model has had its " + budget.largeTurnsPerDay() + " turns of the day"));
        }
        return Optional.empty();
    }
}
