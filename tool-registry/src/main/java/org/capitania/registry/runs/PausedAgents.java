package org.capitania.registry.runs;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;

/** Keeps the gate of each agent as the supervisor says its state is. The supervisor also closes the run of an agent it pauses; this outlasts both. */
@ApplicationScoped
public class PausedAgents {
    private final Gates gates;

    PausedAgents(Gates gates) {
        this.gates = gates;
    }

    public Outcome handle(Event event, InboxScope inbox) {
        AgentStateChanged change = event.as(AgentStateChanged.class);
        inbox.run(tx -> {
            if (change.state().equals("paused")) {
                String reason = change.reason() == null ? "paused" : change.reason();
                gates.close(tx, change.role(), ErrorCode.AGENT_PAUSED, reason);
            } else {
                gates.open(tx, change.role(), ErrorCode.AGENT_PAUSED);
            }
        });
        return Outcome.DONE;
    }
}
