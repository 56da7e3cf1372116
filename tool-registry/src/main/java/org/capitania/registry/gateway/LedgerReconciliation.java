package org.capitania.registry.gateway;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.event.LlmCall;
import org.capitania.registry.ledger.LedgerGaps;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Holds the ledger against the journal, at start and every hour: a finished call that is not in the ledger is announced again. */
@ApplicationScoped
class LedgerReconciliation {
    private static final int AT_ONCE = 500;

    private final Sql sql;
    private final Tenants tenants;
    private final LedgerGaps gaps;
    private final CallJournal journal;

    LedgerReconciliation(Sql sql, Tenants tenants, LedgerGaps gaps, CallJournal journal) {
        this.sql = sql;
        this.tenants = tenants;
        this.gaps = gaps;
        this.journal = journal;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("ledger-reconciliation", Duration.ofHours(1), () -> tenants.each(this::reconcile));
    }

    /** How many calls, of tools and of models, were announced again. */
    int reconcile(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "reconciling the ledger with the journal");
        List<String> missing = sql.tx(scope, tx -> {
            List<String> calls = new ArrayList<>(gaps.missing(tx, AT_ONCE));
            calls.forEach(call -> journal.find(tx, call).ifPresent(row -> journal.announce(tx, row)));
            for (LlmCall lost : gaps.missingModelCalls(tx, AT_ONCE)) {
                tx.publish(LlmCall.TYPE, lost.callId(), lost);
                calls.add(lost.callId());
            }
            return calls;
        });
        if (!missing.isEmpty()) {
            Log.warnf(
                    "calls were missing in the ledger and are announced again tenant=%s calls=%d",
                    tenant, missing.size());
        }
        return missing.size();
    }
}
