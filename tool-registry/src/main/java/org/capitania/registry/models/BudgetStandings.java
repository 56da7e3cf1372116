package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Whether an agent would get an answer of a model now, said before anything is begun for it. */
@ApplicationScoped
class BudgetStandings {
    private final Sql sql;
    private final KeyRefusals keys;

    BudgetStandings(Sql sql, KeyRefusals keys) {
        this.sql = sql;
        this.keys = keys;
    }

    BudgetStanding of(Scope scope, String role) {
        keys.probe(scope, role);
        return sql.tx(scope, tx -> new BudgetStanding(role, keys.hold(tx, role).orElse(null)));
    }
}
