package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetStanding.Hold;
import org.capitania.contract.api.BudgetView;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Whether an agent would get an answer of a model now, said before anything is begun for it. */
@ApplicationScoped
public class BudgetStandings {
    private final Sql sql;
    private final BudgetDays days;
    private final KeyRefusals keys;
    private final MoneyCaps caps;
    private final Ceilings ceilings;
    private final Settlements settlements;
    private final CallCaps calls;

    BudgetStandings(
            Sql sql,
            BudgetDays days,
            KeyRefusals keys,
            MoneyCaps caps,
            CallCaps calls,
            Ceilings ceilings,
            Settlements settlements) {
        this.calls = calls;
        this.settlements = settlements;
        this.sql = sql;
        this.days = days;
        this.keys = keys;
        this.caps = caps;
        this.ceilings = ceilings;
    }

    BudgetStanding of(Scope scope, String role) {
        settlements.await(scope, role);
        keys.probe(scope, role);
        BudgetDay day = days.today(scope.tenant());
        return sql.tx(scope, tx -> of(tx, role, day));
    }

    /** All agents, and the month. */
    public BudgetView all(Scope scope) {
        WorkspaceBudgets.ROLES.forEach(role -> settlements.await(scope, role));
        BudgetDay day = days.today(scope.tenant());
        return sql.tx(scope, tx -> {
            List<BudgetStanding> agents = WorkspaceBudgets.ROLES.stream()
                    .map(role -> of(tx, role, day))
                    .toList();
            Ceilings.Ceiling ceiling = ceilings.of(tx);
            BudgetStanding first = agents.getFirst();
            return new BudgetView(
                    first.month(), ceiling.setBy(), ceiling.setAt(), first.demote(), first.breaker(), agents);
        });
    }

    private BudgetStanding of(Tx tx, String role, BudgetDay day) {
        calls.newDay(tx, role, day);
        BudgetStanding money = caps.standing(tx, role, day);
        @Nullable Hold hold = keys.hold(tx, role).orElse(money.hold());
        return new BudgetStanding(role, hold, money.demote(), money.breaker(), money.day(), money.month());
    }
}
