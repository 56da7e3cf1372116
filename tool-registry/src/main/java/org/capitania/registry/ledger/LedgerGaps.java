package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.event.LlmCall;
import org.capitania.servicekit.Tx;

/** What the journal has and the ledger has not. */
@ApplicationScoped
public class LedgerGaps {
    private final LedgerStore store;

    LedgerGaps(LedgerStore store) {
        this.store = store;
    }

    /** Calls that ended more than a minute ago without an entry of their end. */
    public List<String> missing(Tx tx, int limit) {
        return store.missing(tx, limit);
    }

    /** Model calls that were settled more than a minute ago without an entry. */
    public List<LlmCall> missingModelCalls(Tx tx, int limit) {
        return store.missingModelCalls(tx, limit);
    }
}
