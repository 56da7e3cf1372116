package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.freezing.FrozenCalls.Frozen;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.risk.RiskClass;
import org.capitania.servicekit.Sql;

/** Freezing and the end of the call, in one transaction with both their events. */
@ApplicationScoped
class FreezeCall {
    private final Sql sql;
    private final FrozenCalls frozenCalls;
    private final CallJournal journal;
    private final LastLook lastLook;

    FreezeCall(Sql sql, FrozenCalls frozenCalls, CallJournal journal, LastLook lastLook) {
        this.sql = sql;
        this.frozenCalls = frozenCalls;
        this.journal = journal;
        this.lastLook = lastLook;
    }

    JournalRow freeze(Call call, Draft draft, RiskClass risk) {
        return sql.tx(call.scope(), tx -> {
            lastLook.require(tx, call);
            Frozen frozen = frozenCalls.freeze(tx, call, draft, risk.wire());
            String proposal = frozen.revision().proposalId();
            ObjectNode data = Json.MAPPER
                    .createObjectNode()
                    .put("proposal_id", proposal)
                    .put("revision", frozen.revision().revision())
                    .put("summary", frozen.revision().rendering().summary())
                    .put("already_waiting", !frozen.fresh());
            return journal.finish(tx, call.callId(), CallStatus.PROPOSED, data, null, proposal, null);
        });
    }
}
