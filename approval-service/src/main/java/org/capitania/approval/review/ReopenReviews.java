package org.capitania.approval.review;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.orm.Orm;

/** Opens again what was put off until now, so that its event is told and its node follows; whoever reads counts it as open to the second. */
@ApplicationScoped
class ReopenReviews {
    private static final String ACTOR = "system:approval-service";
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int PAGE = 100;

    private final Orm orm;
    private final Reviews reviews;
    private final Tenants tenants;
    private final Clock clock;

    ReopenReviews(Orm orm, Reviews reviews, Tenants tenants, Clock clock) {
        this.orm = orm;
        this.reviews = reviews;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("reopen-reviews", LOOK, this::sweep);
    }

    private void sweep() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, ACTOR, "it was put off until now");
            List<UUID> due;
            do {
                due = due(scope, clock.instant());
                due.forEach(id -> reopen(scope, id));
            } while (due.size() == PAGE);
        });
    }

    private List<UUID> due(Scope scope, Instant now) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "SELECT id FROM ReviewRow WHERE resolvedAt IS NULL AND status = 'deferred'"
                                        + " AND deferredUntil <= :now ORDER BY deferredUntil",
                                UUID.class)
                        .setParameter("now", now)
                        .setMaxResults(PAGE)
                        .getResultList());
    }

    /** Looks again under the lock: someone may have answered since, or put it off once more. */
    private void reopen(Scope scope, UUID id) {
        orm.tx(
                scope,
                tx -> tx.session()
                        .find(ReviewRow.class, id, LockModeType.PESSIMISTIC_WRITE)
                        .chain(row -> {
                            Instant now = clock.instant();
                            if (row == null || !row.reopens(now)) {
                                return Uni.createFrom().voidItem();
                            }
                            row.reopen();
                            return reviews.tell(tx, ReviewChanged.OPENED, row, now);
                        }));
    }
}
