package org.capitania.contract.api;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an agent may spend, and whether it may call a model at all now ({@code GET /v1/budgets/{role}} of tool-registry).
 *
 * @param hold why no model is asked for it now; absent: it may go on
 * @param demote whether routine turns go to a smaller model; what its policy calls mandatory stays
 * @param breaker whether what can wait has to: 90 % of the month's ceiling, or of a provider's own window, are used
 * @param day of the agent alone
 * @param month of all agents of the company together
 */
public record BudgetStanding(
        String role, @Nullable Hold hold, boolean demote, boolean breaker, Amount day, Amount month) {

    /**
     * A reason to wait.
     *
     * @param code of the refusal that a call would get
     * @param reason in one sentence for people
     * @param until when it is over by itself; absent: when somebody has done something about it
     */
    public record Hold(String code, String reason, @Nullable Instant until) {}

    /**
     * Money.
     *
     * @param takenUsd spent, or set aside for calls under way
     * @param ends when counting begins anew
     */
    public record Amount(BigDecimal takenUsd, BigDecimal capUsd, Instant ends) {}
}
