package org.capitania.contract.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A person lets agents spend more ({@code autonomy.budget_raised}); key: the tenant. What waits for money goes on.
 *
 * @param agent its role, for the day; absent: all agents, for the month
 * @param by the person
 */
public record BudgetRaised(@Nullable String agent, BigDecimal usd, String by) {
    public static final String TYPE = "autonomy.budget_raised";
}
