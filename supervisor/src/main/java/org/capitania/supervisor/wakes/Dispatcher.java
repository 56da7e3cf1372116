package org.capitania.supervisor.wakes;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.supervisor.roster.Bells;

/**
 * The loops that send due wakes on their way in three steps, each of which may be the last before a crash: take the lease with a higher
 * fence (one transaction), tell the gateway (a call that may be repeated), publish through the outbox (one transaction). The stored state
 * says where to go on; two dispatchers at once do no harm. Each tenant has its own: a gateway that hangs for one holds nobody else's wakes.
 */
@ApplicationScoped
public class Dispatcher {
    private static final String DUE = """
            SELECT role FROM wakes WHERE state = 'fenced' OR (state = 'open' AND not_before <= clock_timestamp())
            ORDER BY opened_at
            """;

    private final Sql sql;
    private final Tenants tenants;
    private final DispatchSteps steps;
    private final RecoverRuns recover;
    private final Clock clock;
    private final WakesConfig config;
    private final Map<String, Instant> lastRounds = new ConcurrentHashMap<>();
    private volatile Instant recoverFrom;

    Dispatcher(Sql sql, Tenants tenants, DispatchSteps steps, RecoverRuns recover, Clock clock, WakesConfig config) {
        this.sql = sql;
        this.tenants = tenants;
        this.steps = steps;
        this.recover = recover;
        this.clock = clock;
        this.config = config;
        this.recoverFrom = clock.instant();
        tenants.ids().forEach(tenant -> lastRounds.put(tenant, recoverFrom));
    }

    void start(@Observes StartupEvent event, Loops loops) {
        recoverFrom = clock.instant().plus(config.startGrace());
        tenants.ids().forEach(tenant -> loops.every(Bells.dispatcher(tenant), config.tick(), () -> round(tenant)));
    }

    /** Looks once at a tenant. */
    void round(String tenant) {
        Scope scope = Scope.of(tenant, "system:supervisor", "dispatch");
        Found found = look(scope);
        if (!found.silent().isEmpty() || !found.deaf().isEmpty()) {
            recover.recover(scope, found.silent(), found.deaf());
            found = look(scope);
        }
        found.due().forEach(role -> dispatch(scope, role));
        lastRounds.put(tenant, clock.instant());
    }

    /** Roles to recover and to dispatch. */
    private record Found(List<String> silent, List<String> deaf, List<String> due) {}

    private Found look(Scope scope) {
        boolean mayRecover = !clock.instant().isBefore(recoverFrom);
        return sql.read(scope, tx -> {
            Supplier<List<String>> silent = mayRecover ? recover.askSilent(tx) : List::of;
            Supplier<List<String>> deaf = recover.askDeaf(tx);
            Supplier<List<String>> due = RecoverRuns.ask(tx, DUE);
            return new Found(silent.get(), deaf.get(), due.get());
        });
    }

    /** When it last looked at a tenant: a supervisor that does not dispatch is no supervisor. */
    public Instant lastRound(String tenant) {
        return lastRounds.getOrDefault(tenant, Instant.EPOCH);
    }

    private void dispatch(Scope scope, String role) {
        try {
            steps.dispatch(scope, role);
        } catch (CapitaniaException e) {
            // The next round goes on where this one stopped; another role is not kept waiting.
            Log.warnf("wake waits tenant=%s agent=%s why=%s", scope.tenant(), role, e.detail());
        }
    }
}
