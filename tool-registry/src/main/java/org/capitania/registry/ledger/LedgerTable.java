package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.contract.event.LedgerAction;
import org.capitania.contract.event.LlmCall;
import org.jspecify.annotations.Nullable;

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

    /** What an entry tells of, that no other does: a call ends once in one way, a model may be asked again under the same id. */
    String step(JsonNode body) {
        return step(
                body.path("call_id").asText(),
                body.path("status").asText(),
                body.path("started_at").asText());
    }

    String step(String callId, String status, @Nullable String startedAt) {
        return callId + "\n" + status + (this == LLM_CALLS ? "\n" + startedAt : "");
    }
}
