package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import org.capitania.servicekit.Tx;

/** Whether an agent has used up its day's money: then it changes nothing more either, as if it had stopped by itself; and whether what can wait has to. */
@ApplicationScoped
public class SpentBudget {
    private final BudgetDays days;
    private final DailyCaps caps;
    private final MoneyCaps money;

    SpentBudget(BudgetDays days, DailyCaps caps, MoneyCaps money) {
        this.money = money;
        this.days = days;
        this.caps = caps;
    }

    /** Why what can wait has to; empty while there is enough of the month and of the providers' own windows. */
    public Optional<String> breaker(Tx tx) {
        return money.breaker(tx, days.known(tx.scope().tenant()));
    }

    /** A sentence that says so; empty while there is something left, or nothing was spent. */
    public Optional<String> objection(Tx tx, String role) {
        LocalDate day = days.known(tx.scope().tenant()).date();
        BigDecimal taken = Spending.ofDay(tx, role, day);
        if (taken.signum() == 0 || taken.compareTo(caps.of(tx, role, day)) < 0) {
            return Optional.empty();
        }
        return Optional.of("agent:" + role + " has spent " + Spending.plain(taken) + " USD today, all it may");
    }
}
