package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Optional;
import org.capitania.servicekit.Tx;

/** Whether an agent has used up its day's money: then it changes nothing more either, as if it had stopped by itself. */
@ApplicationScoped
public class SpentBudget {
    private final BudgetDays days;
    private final DailyCaps caps;

    SpentBudget(BudgetDays days, DailyCaps caps) {
        this.days = days;
        this.caps = caps;
    }

    /** A sentence that says so; empty while there is something left, or nothing was spent. */
    public Optional<String> objection(Tx tx, String role) {
        BigDecimal taken =
                Spending.ofDay(tx, role, days.known(tx.scope().tenant()).date());
        if (taken.signum() == 0 || taken.compareTo(caps.of(role)) < 0) {
            return Optional.empty();
        }
        return Optional.of("agent:" + role + " has spent " + Spending.plain(taken) + " USD today, all it may");
    }
}
