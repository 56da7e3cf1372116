package org.capitania.registry.gateway;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/**
 * Looks after calls whose process died. A person's call, and an agent's whose run still lasts, is run again as its class allows; the rest
 * wait for the agent to repeat them, and after a while are closed as what a look finds, or as in doubt.
 */
@ApplicationScoped
class CallRecovery {
    private static final int AT_ONCE = 200;

    /** How long a call may wait for its agent to come back for it. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Sql sql;
    private final Clock clock;
    private final CallJournal journal;
    private final RunningRoles roles;
    private final CallResumption resumption;

    CallRecovery(Sql sql, Clock clock, CallJournal journal, RunningRoles roles, CallResumption resumption) {
        this.sql = sql;
        this.clock = clock;
        this.journal = journal;
        this.roles = roles;
        this.resumption = resumption;
    }

    void release(String tenant) {
        int open = sql.tx(scope(tenant), journal::release);
        if (open > 0) {
            Log.infof("calls left open by the last life of this process tenant=%s calls=%d", tenant, open);
        }
    }

    void renew(String tenant, List<String> callIds) {
        sql.run(scope(tenant), tx -> journal.renew(tx, callIds));
    }

    void sweep(String tenant) {
        List<JournalRow> rows = sql.tx(scope(tenant), tx -> journal.abandoned(tx, AT_ONCE));
        rows.forEach(row -> recover(scope(tenant), row));
    }

    private void recover(Scope scope, JournalRow row) {
        boolean late = row.startedAt().isBefore(clock.instant().minus(PATIENCE));
        // What can be looked for is looked for in the end, by nobody who may do it again.
        boolean looked = late && row.idempotency().equals("detectable");
        if (sql.tx(scope, tx -> roles.mayStillAct(tx, row) || (looked && roles.runIsOver(tx, row)))) {
            if (sql.tx(scope, tx -> journal.takeOver(tx, row.callId(), null, null))) {
                // On a thread of its own: an outward act may wait long for the other side.
                Thread.ofVirtual()
                        .name("resumed-call")
                        .start(() -> resumption.resume(scope.withActor(row.actor()), row));
            }
            return;
        }
        if (late) {
            boolean harmless = row.idempotency().equals("read");
            ToolError error = new ToolError(
                    (harmless ? ErrorCode.PEER_UNAVAILABLE : ErrorCode.EFFECT_IN_DOUBT).code(),
                    "the gateway stopped during the call, and nobody came back for it",
                    harmless ? "call it again under a new id" : "a person has to look before it is done again",
                    List.of());
            CallStatus end = harmless ? CallStatus.FAILED : CallStatus.UNKNOWN;
            sql.run(scope, tx -> journal.finish(tx, row.callId(), end, null, error, null, null));
        }
    }

    private static Scope scope(String tenant) {
        return Scope.of(tenant, "system:tool-registry", "calls left open by a process that is gone");
    }
}
