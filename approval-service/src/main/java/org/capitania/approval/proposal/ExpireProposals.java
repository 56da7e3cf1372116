package org.capitania.approval.proposal;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.approval.proposal.ProposalState.Expiring;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.orm.Orm;

/** Ends what nobody decided in time, and approvals nobody could carry out in time. */
@ApplicationScoped
class ExpireProposals {
    private static final String ACTOR = "system:approval-service";
    private static final int PAGE = 100;

    private final Orm orm;
    private final ProposalStore store;
    private final Tenants tenants;
    private final Clock clock;

    ExpireProposals(Orm orm, ProposalStore store, Tenants tenants, Clock clock) {
        this.orm = orm;
        this.store = store;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops, ProposalConfig config) {
        loops.every("expire-proposals", config.sweepEvery(), this::sweep);
    }

    void sweep() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, ACTOR, "the time to decide or to act is over");
            List<UUID> due;
            do {
                due = due(scope, clock.instant());
                due.forEach(id -> expire(scope, id));
            } while (due.size() == PAGE);
        });
    }

    private List<UUID> due(Scope scope, Instant now) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "SELECT id FROM ProposalRow WHERE expiresAt <= :now ORDER BY expiresAt", UUID.class)
                        .setParameter("now", now)
                        .setMaxResults(PAGE)
                        .getResultList());
    }

    /** Looks again under the lock: someone may have decided since. */
    private void expire(Scope scope, UUID id) {
        orm.tx(
                scope,
                tx -> store.lock(tx, id).chain(row -> {
                    Instant now = clock.instant();
                    return row.state() instanceof Expiring waiting && waiting.over(now)
                            ? store.take(tx, row, waiting.expire(now), now)
                            : io.smallrye.mutiny.Uni.createFrom().voidItem();
                }));
    }
}
