package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent may call a model at all now ({@code GET /v1/budgets/{role}} of tool-registry).
 *
 * @param hold why no model is asked for it now; absent: it may go on
 */
public record BudgetStanding(String role, @Nullable Hold hold) {

    /**
     * A reason to wait.
     *
     * @param code of the refusal that a call would get
     * @param reason in one sentence for people
     * @param until when it is over by itself; absent: when somebody has done something about it
     */
    public record Hold(String code, String reason, @Nullable Instant until) {}
}
