package org.capitania.registry.doubt;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.execution.SettleExecution;
import org.capitania.registry.gateway.SettleCall;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** A person's word for what nobody could tell: it ends the call or the proposal, and its effect with it. */
@ApplicationScoped
class Settlement {
    private final SettleCall calls;
    private final SettleExecution executions;

    Settlement(SettleCall calls, SettleExecution executions) {
        this.calls = calls;
        this.executions = executions;
    }

    void settle(Scope scope, String id, boolean happened, @Nullable String note) {
        if (!calls.settle(scope, id, happened, note) && !executions.settle(scope, id, happened, note)) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no call and no proposal " + id + " is in doubt")
                    .withHint("GET /v1/doubts lists those that are; it may be settled already");
        }
    }
}
