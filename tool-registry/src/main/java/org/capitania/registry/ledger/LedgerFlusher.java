package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerAction;
import org.capitania.servicekit.EventsTogether;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Tx;

/** Brings every act and model call from its topic into the chained tables; those that arrive together in one transaction. */
@ApplicationScoped
public class LedgerFlusher implements EventsTogether {
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
        inbox.run(tx -> store.append(tx, table, List.of(event)));
        return Outcome.DONE;
    }

    @Override
    public boolean takes(Event event) {
        return Arrays.stream(LedgerTable.values())
                .anyMatch(table -> table.eventType().equals(event.type()));
    }

    @Override
    public void write(Tx tx, List<Event> events) {
        for (LedgerTable table : LedgerTable.values()) {
            List<Event> own = events.stream()
                    .filter(event -> event.type().equals(table.eventType()))
                    .toList();
            if (!own.isEmpty()) {
                store.append(tx, table, own);
            }
        }
    }
}
