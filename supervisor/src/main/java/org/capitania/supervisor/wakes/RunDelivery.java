package org.capitania.supervisor.wakes;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

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
        introduce(scope, wake);
        return sql.read(scope, tx -> delivery.all(tx, wake.run().runId()));
    }

    List<AgentTask> untaken(Scope scope, Wake.Running wake) {
        introduce(scope, wake);
        return sql.read(scope, tx -> delivery.untaken(tx, wake.run().runId()));
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
