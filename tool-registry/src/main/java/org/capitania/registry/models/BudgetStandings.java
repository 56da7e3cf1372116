package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Whether an agent would get an answer of a model now, said before anything is begun for it. */
@ApplicationScoped
class BudgetStandings {
    private final Sql sql;
    private final BudgetDays days;
    private final KeyRefusals keys;
    private final MoneyCaps caps;

    BudgetStandings(Sql sql, BudgetDays days, KeyRefusals keys, MoneyCaps caps) {
        this.sql = sql;
        this.days = days;
        this.keys = keys;
        this.caps = caps;
    }

    BudgetStanding of(Scope scope, String role) {
        keys.probe(scope, role);
        BudgetDay day = days.today(scope.tenant());
        return sql.tx(
                scope,
                tx -> new BudgetStanding(
                        role,
                        keys.hold(tx, role)
                                .or(() -> caps.hold(tx, role, day))
                                .orElse(null)));
    }
}
