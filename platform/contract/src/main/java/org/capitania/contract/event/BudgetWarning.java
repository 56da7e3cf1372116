package org.capitania.contract.event;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * An agent has spent or reserved as much in a day of the company as its soft cap ({@code agent.budget_warning}); key: its role. It goes on: only the
 * hard cap stops it. Once a day.
 *
 * @param takenUsd with the call that reached it
 * @param softUsd {@code daily_usd_soft} of its workspace
 */
public record BudgetWarning(String agent, LocalDate day, BigDecimal takenUsd, BigDecimal softUsd, BigDecimal hardUsd) {
    public static final String TYPE = "agent.budget_warning";
}
