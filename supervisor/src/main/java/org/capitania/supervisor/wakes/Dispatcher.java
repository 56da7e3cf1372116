package org.capitania.supervisor.wakes;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.supervisor.roster.Bells;

/**
 * The loop that sends due wakes on their way in three steps, each of which may be the last before a crash: take the lease with a higher
 * fence (one transaction), tell the gateway (a call that may be repeated), publish through the outbox (one transaction). The stored state
 * says where to go on; two dispatchers at once do no harm.
 */
@ApplicationScoped
public class Dispatcher {
    private final Sql sql;
    private final Tenants tenants;
    private final DispatchSteps steps;
    private final RecoverRuns recover;
    private final Clock clock;
    private final WakesConfig config;
    private Instant recoverFrom;
    private volatile Instant lastRound;

    Dispatcher(Sql sql, Tenants tenants, DispatchSteps steps, RecoverRuns recover, Clock clock, WakesConfig config) {
        this.sql = sql;
        this.tenants = tenants;
        this.steps = steps;
        this.recover = recover;
        this.clock = clock;
        this.config = config;
        this.lastRound = clock.instant();
        this.recoverFrom = lastRound;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        recoverFrom = clock.instant().plus(config.startGrace());
        loops.every(Bells.DISPATCHER, config.tick(), this::round);
    }

    /** Looks once at every tenant. */
    void round() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, "system:supervisor", "dispatch");
            if (!clock.instant().isBefore(recoverFrom)) {
                recover.lost(scope);
            }
            recover.deaf(scope);
            for (String role : due(scope)) {
                dispatch(scope, role);
            }
        });
        lastRound = clock.instant();
    }

    /** When it last looked at every tenant: a supervisor that does not dispatch is no supervisor. */
    public Instant lastRound() {
        return lastRound;
    }

    private void dispatch(Scope scope, String role) {
        try {
            steps.dispatch(scope, role);
        } catch (CapitaniaException e) {
            // The next round goes on where this one stopped; another role is not kept waiting.
            Log.warnf("wake waits tenant=%s agent=%s why=%s", scope.tenant(), role, e.detail());
        }
    }

    private List<String> due(Scope scope) {
        return sql.tx(scope, tx -> {
            List<String> roles = new ArrayList<>();
            tx.query("""
                            SELECT role FROM wakes WHERE state = 'fenced' OR (state = 'open' AND not_before <= clock_timestamp())
                            ORDER BY opened_at
                            """).forEach(row -> roles.add(row.getString("role")));
            return roles;
        });
    }
}
