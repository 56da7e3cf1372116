package org.capitania.registry.ledger;

import org.capitania.contract.event.LedgerAction;
import org.capitania.contract.event.LlmCall;

/** The two chained tables and the event that fills each. */
enum LedgerTable {
    AGENT_ACTIONS("agent_actions", LedgerAction.TYPE),
    LLM_CALLS("llm_calls", LlmCall.TYPE);

    private final String table;
    private final String eventType;

    LedgerTable(String table, String eventType) {
        this.table = table;
        this.eventType = eventType;
    }

    String table() {
        return table;
    }

    String eventType() {
        return eventType;
    }
}
