package org.capitania.supervisor.wakes;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Brings a running agent what is new: introduced to the gateway first. While the gateway is away it gets what was introduced before. */
@ApplicationScoped
class RunDelivery {
    private final Sql sql;
    private final Introduction introduction;
    private final Delivery delivery;

    RunDelivery(Sql sql, Introduction introduction, Delivery delivery) {
        this.sql = sql;
        this.introduction = introduction;
        this.delivery = delivery;
    }

    List<AgentTask> everything(Scope scope, Wake.Running wake) {
        return introduced(scope, wake, tx -> delivery.all(tx, wake.run().runId()));
    }

    List<AgentTask> untaken(Scope scope, Wake.Running wake) {
        return introduced(scope, wake, tx -> delivery.untaken(tx, wake.run().runId()));
    }

    /** Everything, unless the gateway has to be told of some of it first, which no transaction waits for. */
    Optional<List<AgentTask>> known(Tx tx, Wake.Running wake) {
        return known(tx, wake, now -> delivery.all(now, wake.run().runId()));
    }

    private Optional<List<AgentTask>> known(Tx tx, Wake.Running wake, Function<Tx, List<AgentTask>> tasks) {
        return introduction.letter(tx, wake.head(), wake.run()).news()
                ? Optional.empty()
                : Optional.of(tasks.apply(tx));
    }

    private List<AgentTask> introduced(Scope scope, Wake.Running wake, Function<Tx, List<AgentTask>> tasks) {
        return sql.read(scope, tx -> known(tx, wake, tasks)).orElseGet(() -> {
            introduce(scope, wake);
            return sql.read(scope, tasks::apply);
        });
    }

    private void introduce(Scope scope, Wake.Running wake) {
        try {
            introduction.introduce(scope.withActor("system:supervisor"), wake.head(), wake.run());
        } catch (CapitaniaException e) {
            Log.warnf(
                    "the gateway could not be told tenant=%s agent=%s run=%s why=%s",
                    scope.tenant(), wake.head().role(), wake.run().runId(), e.detail());
        }
    }
}
