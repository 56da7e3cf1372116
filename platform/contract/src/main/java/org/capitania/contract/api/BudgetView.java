package org.capitania.contract.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agents of a company may spend and have spent ({@code GET /v1/budgets} of tool-registry).
 *
 * @param setBy who set the ceiling of the month; absent: nobody did, and the default stands
 * @param agents each with its own day
 */
public record BudgetView(
        BudgetStanding.Amount month,
        @Nullable String setBy,
        @Nullable Instant setAt,
        boolean demote,
        boolean breaker,
        List<BudgetStanding> agents) {

    /** Sets what all agents together may spend in a month ({@code POST /v1/budgets}); the owner's alone. */
    public record SetCeiling(@Nullable BigDecimal monthlyUsd) {}

    /** Lets one agent spend more than its workspace says, today ({@code POST /v1/budgets/{role}}); the owner's alone. */
    public record RaiseDay(@Nullable BigDecimal dailyUsd) {}
}
