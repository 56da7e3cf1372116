package org.capitania.approval.proposal;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;

/** People decide, nothing else, and what they decided is good once: whoever tries otherwise is refused, and the attempt is kept. */
@ApplicationScoped
class Refusals {
    private final Orm orm;
    private final Ids ids;
    private final Clock clock;

    Refusals(Orm orm, Ids ids, Clock clock) {
        this.orm = orm;
        this.ids = ids;
        this.clock = clock;
    }

    /** Lets a person through; anyone else is recorded and {@code denied}. */
    void requirePerson(UUID proposal, String attempt, Decider decider) {
        if (decider.mayDecide()) {
            return;
        }
        Log.warnf(
                "decision refused tenant=%s proposal=%s attempt=%s actor=%s principal=%s",
                decider.scope().tenant(), proposal, attempt, decider.actor(), decider.principal());
        note(proposal, attempt, decider.scope(), decider.principal());
        throw new CapitaniaException(
                        ErrorCode.DENIED,
                        decider.principal() + " may not " + attempt
                                + " a proposal; only a person may, in their own name")
                .withHint(
                        decider.kind().human()
                                ? "leave --actor " + decider.actor() + " away, or let them decide themselves"
                                : "a person decides in the console or with hq proposal " + attempt);
    }

    /** Keeps an attempt that came to nothing. */
    void note(UUID proposal, String attempt, Scope scope, String principal) {
        orm.tx(
                scope,
                tx -> tx.session()
                        .persist(
                                RefusalRow.of(ids.v7(), proposal, attempt, scope.actor(), principal, clock.instant())));
    }

    Uni<List<RefusalRow>> of(OrmTx tx, UUID proposal) {
        return tx.session()
                .createSelectionQuery("FROM RefusalRow WHERE proposalId = :id ORDER BY refusedAt, id", RefusalRow.class)
                .setParameter("id", proposal)
                .setMaxResults(20)
                .getResultList();
    }
}
