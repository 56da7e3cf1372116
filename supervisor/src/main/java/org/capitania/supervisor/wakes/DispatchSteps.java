package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.Standings;

/** Takes one wake from where it stands to published, as far as it gets. */
@ApplicationScoped
class DispatchSteps {
    private final Sql sql;
    private final Stores stores;
    private final Standings standings;
    private final FenceWake fence;
    private final Introduction introduction;
    private final PublishWake publish;
    private final WakeMetrics metrics;

    DispatchSteps(
            Sql sql,
            Stores stores,
            Standings standings,
            FenceWake fence,
            Introduction introduction,
            PublishWake publish,
            WakeMetrics metrics) {
        this.sql = sql;
        this.stores = stores;
        this.standings = standings;
        this.fence = fence;
        this.introduction = introduction;
        this.publish = publish;
        this.metrics = metrics;
    }

    /** Throws when the gateway does not answer: the wake stays fenced and is taken up again. */
    void dispatch(Scope scope, String role) {
        Optional<Due> due = due(scope, role);
        if (due.isEmpty()) {
            return;
        }
        Wake.Fenced wake = due.get().wake();
        try {
            introduction.tell(scope, due.get().letter());
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                throw e;
            }
            sql.run(scope, tx -> publish.refused(tx, wake, e.detail()));
            return;
        }
        Scope because = scope.withReason(wake.head().reason());
        if (sql.tx(because, tx -> publish.publish(tx, wake, due.get().letter()))) {
            metrics.woken(scope.tenant(), role);
        }
    }

    /** @param letter what the gateway is told of it */
    private record Due(Wake.Fenced wake, Introduction.Letter letter) {}

    private Due due(Tx tx, Wake.Fenced wake) {
        return new Due(wake, introduction.letter(tx, wake.head(), wake.run()));
    }

    private Optional<Due> due(Scope scope, String role) {
        Optional<Due> fenced = sql.read(
                scope,
                tx -> stores.wakes()
                        .active(tx, role)
                        .filter(Wake.Fenced.class::isInstance)
                        .map(active -> due(tx, (Wake.Fenced) active)));
        if (fenced.isPresent()) {
            return fenced;
        }
        Optional<BudgetStanding> standing = standings.of(scope, role);
        return sql.tx(scope, tx -> switch (fence.fence(tx, role, standing)) {
            case FenceWake.Answer.Fenced(Wake.Fenced wake) -> Optional.of(due(tx, wake));
            case FenceWake.Answer.Held(String why) -> {
                tx.afterCommit(() -> metrics.held(scope.tenant(), role, why));
                yield Optional.empty();
            }
            case FenceWake.Answer.Unchanged() -> Optional.empty();
        });
    }
}
