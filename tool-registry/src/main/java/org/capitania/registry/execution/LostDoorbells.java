package org.capitania.registry.execution;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.ProposalView;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Asks approval-service for what it has approved and we have not heard of: an event may be lost, a proposal may not. */
@ApplicationScoped
class LostDoorbells {
    private final Sql sql;
    private final Loops loops;
    private final Approvals approvals;
    private final Executions executions;

    LostDoorbells(Sql sql, Loops loops, Approvals approvals, Executions executions) {
        this.sql = sql;
        this.loops = loops;
        this.approvals = approvals;
        this.executions = executions;
    }

    void look(String tenant) {
        Scope scope = ExecutionLoop.scope(tenant);
        try {
            approvals.unfinished(scope, "approved", proposal -> open(scope, proposal));
            approvals.unfinished(scope, "executing", proposal -> {
                // Claimed by us, and the row of it lost with a database that was set back: the claim answers again.
                if (!sql.tx(scope, tx -> executions.known(tx, proposal.id(), proposal.revision()))) {
                    open(scope, proposal);
                }
            });
        } catch (CapitaniaException e) {
            if (e.code().type() != ErrorType.UNAVAILABLE) {
                throw e;
            }
            Log.debugf("approval-service cannot be asked now why=%s", e.detail());
        }
    }

    private void open(Scope scope, ProposalView proposal) {
        if (sql.tx(scope, tx -> executions.open(tx, proposal.id(), proposal.revision()))) {
            loops.wake(ExecutionLoop.NAME);
        }
    }
}
