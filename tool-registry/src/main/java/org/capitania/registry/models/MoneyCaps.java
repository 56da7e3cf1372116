package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.BudgetStanding.Hold;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.servicekit.Tx;

/**
 * Caps in money. One that refuses a call is reached: a person is told once, and whoever it holds waits until it is raised or its time
 * is over, rather than try one call after the other.
 */
@ApplicationScoped
class MoneyCaps {
    private final DailyCaps daily;
    private final Reviews reviews;

    MoneyCaps(DailyCaps daily, Reviews reviews) {
        this.daily = daily;
        this.reviews = reviews;
    }

    /**
     * One cap as it stands.
     *
     * @param prefix of its reviews' subjects; what follows names its time
     * @param who as in "agent:chief"
     * @param when as in "today"
     * @param raise what a person can do
     */
    private record Cap(
            String prefix,
            String period,
            String who,
            String when,
            BigDecimal taken,
            BigDecimal most,
            Instant ends,
            String raise) {
        boolean allows(BigDecimal more) {
            return taken.add(more).compareTo(most) <= 0 && taken.compareTo(most) < 0;
        }

        /** Whether it is as good as used up: not just too small for one call that might cost much. */
        boolean usedUp(BigDecimal refused) {
            return !allows(refused.min(most.movePointLeft(1)));
        }

        String subject() {
            return prefix + period;
        }

        String sentence() {
            return who + " has spent or reserved " + Spending.plain(taken) + " of " + most.toPlainString() + " USD "
                    + when;
        }
    }

    /** Empty when the call may cost that much. The caller holds the lock of the agent's budget. */
    Optional<CapitaniaException> refuse(Tx tx, String role, BudgetDay day, BigDecimal estimate) {
        Cap cap = day(tx, role, day);
        if (cap.allows(estimate)) {
            return Optional.empty();
        }
        String detail = cap.sentence() + "; this call may cost " + Spending.plain(estimate);
        reviews.request(
                tx,
                new ReviewRequested(
                        cap.subject(),
                        "budget",
                        cap.who() + " may spend no more " + cap.when(),
                        detail + ". What comes in waits until " + cap.ends() + ", and nothing is lost; " + cap.raise()),
                estimate);
        CapitaniaException refusal = new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, detail)
                .withHint(cap.raise() + "; counting begins anew at " + cap.ends());
        // Where the whole agent waits, what it waits for may come sooner: the cap may be raised.
        return Optional.of(
                cap.usedUp(estimate) ? refusal : refusal.withRetryAfter(Duration.between(day.now(), cap.ends())));
    }

    /** Why the role waits for money. */
    Optional<Hold> hold(Tx tx, String role, BudgetDay day) {
        Cap cap = day(tx, role, day);
        reviews.newPeriod(tx, cap.prefix(), cap.subject());
        Optional<BigDecimal> refused = reviews.refused(tx, cap.subject());
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        if (cap.allows(refused.get())) {
            reviews.over(tx, cap.subject(), "there is money again");
            return Optional.empty();
        }
        if (!cap.usedUp(refused.get())) {
            return Optional.empty();
        }
        return Optional.of(new Hold(ErrorCode.BUDGET_EXHAUSTED.code(), cap.sentence(), cap.ends()));
    }

    private Cap day(Tx tx, String role, BudgetDay day) {
        return new Cap(
                "budget:" + role + ":",
                day.date().toString(),
                "agent:" + role,
                "today",
                Spending.ofDay(tx, role, day.date()),
                daily.of(role),
                day.ends(),
                "the cap is the owner's (daily_usd_hard in the agent's workspace)");
    }
}
