package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.BudgetStanding.Amount;
import org.capitania.contract.api.BudgetStanding.Hold;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Caps in money. One that refuses a call is reached: a person is told once, and whoever it holds waits until it is raised or its time
 * is over, rather than try one call after the other.
 */
@ApplicationScoped
class MoneyCaps {
    private static final BigDecimal BREAKER = new BigDecimal("0.9");
    private static final int WEEK = 7;

    private final DailyCaps daily;
    private final Ceilings ceilings;
    private final Reviews reviews;
    private final ProviderWindows windows;

    MoneyCaps(DailyCaps daily, Ceilings ceilings, Reviews reviews, ProviderWindows windows) {
        this.windows = windows;
        this.daily = daily;
        this.ceilings = ceilings;
        this.reviews = reviews;
    }

    /**
     * One cap as it stands.
     *
     * @param prefix of its reviews' subjects; what follows names its time
     * @param who as in "agent:chief has"
     * @param when as in "today"
     * @param raise what a person can do
     */
    private record Cap(
            String prefix,
            String period,
            String who,
            String when,
            String title,
            BigDecimal taken,
            BigDecimal most,
            Instant ends,
            String raise) {
        Amount amount() {
            return new Amount(taken, most, ends);
        }

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
            return who + " spent or reserved " + Spending.plain(taken) + " of " + most.toPlainString() + " USD " + when;
        }
    }

    /** Sets the calls of the company's agents one after the other, so that each sees the money of the one before. */
    void lock(Tx tx) {
        tx.put("SELECT pg_advisory_xact_lock(hashtextextended(current_tenant() || ':ceiling', 5))");
    }

    /** What is asked of the store about a call. */
    final class Asked {
        private final Tx tx;
        private final BudgetDay day;
        private final Supplier<Cap> own;
        private final Supplier<Cap> all;

        private Asked(Tx tx, String role, BudgetDay day) {
            this.tx = tx;
            this.day = day;
            this.own = day(tx, role, day);
            this.all = month(tx, day);
        }

        /** What the role has spent or reserved today. */
        BigDecimal ofDay() {
            return own.get().taken();
        }

        /** Empty when the call may cost that much. */
        Optional<CapitaniaException> refuse(BigDecimal estimate) {
            Cap ours = own.get();
            Cap month = all.get();
            if (!ours.allows(estimate)) {
                return Optional.of(MoneyCaps.this.refuse(tx, ours, answers(ours, month), day, estimate));
            }
            return month.allows(estimate)
                    ? Optional.empty()
                    : Optional.of(MoneyCaps.this.refuse(tx, month, null, day, estimate));
        }
    }

    /** Asks now; the answer waits. The caller holds the locks, or has asked for them before. */
    Asked ask(Tx tx, String role, BudgetDay day) {
        return new Asked(tx, role, day);
    }

    /** The most that an agent's day could come to without passing the month's ceiling. */
    BigDecimal room(Tx tx, String role, BudgetDay day) {
        return room(day(tx, role, day).get(), month(tx, day).get());
    }

    private static BigDecimal room(Cap own, Cap all) {
        return own.taken().add(all.most().subtract(all.taken()).max(BigDecimal.ZERO));
    }

    /** What a person may answer to an agent's day that is used up; {@link RaiseCap} obeys. */
    private static List<Option> answers(Cap own, Cap all) {
        Stream<Option> raises = Stream.of(2, 4)
                .map(times -> own.most().multiply(BigDecimal.valueOf(times)))
                .filter(usd -> usd.compareTo(own.most()) > 0 && usd.compareTo(room(own, all)) <= 0)
                .map(RaiseCap::option);
        return Stream.concat(raises, Stream.of(new Option("leave", "Leave it: it waits until tomorrow")))
                .toList();
    }

    private CapitaniaException refuse(
            Tx tx, Cap cap, @Nullable List<Option> answers, BudgetDay day, BigDecimal estimate) {
        String detail = cap.sentence() + "; this call may cost " + Spending.plain(estimate);
        reviews.request(
                tx,
                new ReviewRequested(
                        cap.subject(),
                        "budget",
                        cap.title(),
                        detail + ". What comes in waits until " + cap.ends() + ", and nothing is lost; " + cap.raise(),
                        answers),
                // Too dear for all of it stays so until it is raised.
                estimate.min(cap.most().add(BigDecimal.ONE)));
        CapitaniaException refusal = new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, detail)
                .withHint(cap.raise() + "; counting begins anew at " + cap.ends());
        // Where all wait, what they wait for may come sooner: the cap may be raised.
        return cap.usedUp(estimate) ? refusal : refusal.withRetryAfter(Duration.between(day.now(), day.ends()));
    }

    /** How the role stands with money; it waits as long as a cap that has refused a call is as good as used up. */
    BudgetStanding standing(Tx tx, String role, BudgetDay day) {
        Cap own = day(tx, role, day).get();
        Cap all = month(tx, day).get();
        Optional<Hold> hold = hold(tx, own).or(() -> hold(tx, all));
        boolean breaker = breaker(tx, all).isPresent();
        return new BudgetStanding(
                role, hold.orElse(null), breaker || tooFast(tx, all, day), breaker, own.amount(), all.amount());
    }

    /** Why what can wait has to (seeds 27.2): nine tenths of the month's ceiling, or of a provider's own window, are used. */
    Optional<String> breaker(Tx tx, BudgetDay day) {
        return breaker(tx, month(tx, day).get());
    }

    private Optional<String> breaker(Tx tx, Cap month) {
        return month.taken().compareTo(month.most().multiply(BREAKER)) >= 0
                ? Optional.of(month.sentence())
                : windows.tight(tx);
    }

    /** Whether the month would end above its ceiling, were each day that is left like the mean of the last seven. */
    private static boolean tooFast(Tx tx, Cap month, BudgetDay day) {
        BigDecimal week = Spending.between(tx, day.date().minusDays(WEEK), day.date());
        long left = ChronoUnit.DAYS.between(day.date(), day.nextMonth());
        BigDecimal more = week.multiply(BigDecimal.valueOf(left)).divide(BigDecimal.valueOf(WEEK), RoundingMode.UP);
        return month.taken().add(more).compareTo(month.most()) > 0;
    }

    private Optional<Hold> hold(Tx tx, Cap cap) {
        reviews.newPeriod(tx, cap.prefix(), cap.subject());
        Optional<BigDecimal> refused = reviews.refused(tx, cap.subject());
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        if (cap.allows(refused.get())) {
            reviews.over(tx, cap.subject(), "there is money again");
            return Optional.empty();
        }
        return cap.usedUp(refused.get())
                ? Optional.of(new Hold(ErrorCode.BUDGET_EXHAUSTED.code(), cap.sentence(), cap.ends()))
                : Optional.empty();
    }

    private Supplier<Cap> month(Tx tx, BudgetDay day) {
        Supplier<BigDecimal> taken = Spending.askBetween(tx, day.month(), day.nextMonth());
        Supplier<Ceilings.Ceiling> ceiling = ceilings.ask(tx);
        return () -> new Cap(
                "ceiling:",
                YearMonth.from(day.date()).toString(),
                "all agents together have",
                "this month",
                "The agents have used up the month's ceiling",
                taken.get(),
                ceiling.get().usd(),
                day.monthEnds(),
                "the owner sets the ceiling: hq budget set");
    }

    private Supplier<Cap> day(Tx tx, String role, BudgetDay day) {
        Supplier<BigDecimal> taken = Spending.askDay(tx, role, day.date());
        Supplier<BigDecimal> most = daily.ask(tx, role, day.date());
        return () -> new Cap(
                RaiseCap.prefix(role),
                day.date().toString(),
                "agent:" + role + " has",
                "today",
                "agent:" + role + " has used up its money of the day",
                taken.get(),
                most.get(),
                day.ends(),
                "the cap is the owner's: hq budget raise " + role + ", or daily_usd_hard in the agent's workspace");
    }
}
