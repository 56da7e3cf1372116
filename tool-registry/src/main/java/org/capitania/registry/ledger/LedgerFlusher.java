package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerAction;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;

/** Brings every act and model call from its topic into the chained tables. */
@ApplicationScoped
public class LedgerFlusher {
    private final LedgerStore store;

    LedgerFlusher(LedgerStore store) {
        this.store = store;
    }

    /** Whether the event is of a kind that is kept here. */
    public static boolean hears(String type) {
        return type.startsWith("ledger.");
    }

    public Outcome handle(Event event, InboxScope inbox) {
        LedgerTable table = event.type().equals(LedgerAction.TYPE) ? LedgerTable.AGENT_ACTIONS : LedgerTable.LLM_CALLS;
        if (!event.type().equals(table.eventType())) {
            return new Outcome.Reject("the ledger keeps no " + event.type());
        }
        inbox.run(tx -> store.append(tx, table, event.id(), event.data()));
        return Outcome.DONE;
    }
}
