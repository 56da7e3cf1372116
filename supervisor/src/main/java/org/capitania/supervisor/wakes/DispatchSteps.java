package org.capitania.supervisor.wakes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
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
        Optional<Wake.Fenced> fenced = fenced(scope, role);
        if (fenced.isEmpty()) {
            return;
        }
        Wake.Fenced wake = fenced.get();
        try {
            introduction.introduce(scope, wake.head(), wake.run());
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                throw e;
            }
            sql.run(scope, tx -> publish.refused(tx, wake, e.detail()));
            return;
        }
        Scope because = scope.withReason(wake.head().reason());
        if (sql.tx(because, tx -> publish.publish(tx, wake))) {
            metrics.woken(scope.tenant(), role);
        }
    }

    private Optional<Wake.Fenced> fenced(Scope scope, String role) {
        Optional<Wake.Active> active = sql.read(scope, tx -> stores.wakes().active(tx, role));
        if (active.isPresent() && active.get() instanceof Wake.Fenced wake) {
            return Optional.of(wake);
        }
        Optional<BudgetStanding> standing = standings.of(scope, role);
        return switch (sql.tx(scope, tx -> fence.fence(tx, role, standing))) {
            case FenceWake.Answer.Fenced(Wake.Fenced wake) -> Optional.of(wake);
            case FenceWake.Answer.Held(String why) -> {
                metrics.held(scope.tenant(), role, why);
                yield Optional.empty();
            }
            case FenceWake.Answer.Unchanged() -> Optional.empty();
        };
    }
}
