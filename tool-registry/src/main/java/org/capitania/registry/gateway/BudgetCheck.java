package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.models.SpentBudget;

/** An agent at its daily cap changes nothing more that day; it may read, and its model is not asked any more either. */
@ApplicationScoped
class BudgetCheck implements Check {
    private final SpentBudget budget;

    BudgetCheck(SpentBudget budget) {
        this.budget = budget;
    }

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        if (a.human() || !a.known().verb(a.arguments()).changes()) {
            return Optional.empty();
        }
        return budget.objection(standing.open(), a.role())
                .map(why -> Refusal.of(
                        ErrorCode.BUDGET_EXHAUSTED, why, "stop here; only the owner raises it; it goes on tomorrow"));
    }
}
