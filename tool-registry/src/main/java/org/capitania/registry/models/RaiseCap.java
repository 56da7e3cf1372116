package org.capitania.registry.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.contract.event.BudgetRaised;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.reviews.OnAnswer;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Lets an agent spend more on one day because a person says so: as the answer to the review of its cap, or unasked. The last word of a day
 * stands; the month's ceiling holds whatever is said here.
 */
@ApplicationScoped
class RaiseCap implements OnAnswer {
    private static final String SUBJECT = "budget:";
    private static final String RAISE = "raise-";
    private static final Pattern OF_DAY = Pattern.compile(SUBJECT + "([^:]+):(\\d{4}-\\d{2}-\\d{2})");
    private static final Pattern TO = Pattern.compile(RAISE + "(\\d+(?:\\.\\d+)?)");

    private final Sql sql;
    private final Ids ids;
    private final Clock clock;
    private final BudgetDays days;
    private final DailyCaps caps;
    private final MoneyCaps money;
    private final Reviews reviews;

    RaiseCap(Sql sql, Ids ids, Clock clock, BudgetDays days, DailyCaps caps, MoneyCaps money, Reviews reviews) {
        this.sql = sql;
        this.ids = ids;
        this.clock = clock;
        this.days = days;
        this.caps = caps;
        this.money = money;
        this.reviews = reviews;
    }

    /** @param id one raise, once */
    private record Raise(
            String id,
            String role,
            LocalDate day,
            BigDecimal usd,
            String by,
            @Nullable String reason) {}

    /** What the subjects of the reviews of a role's days begin with. */
    static String prefix(String role) {
        return SUBJECT + role + ":";
    }

    static Option option(BigDecimal usd) {
        String amount = Spending.plain(usd);
        return new Option(RAISE + amount, "Let it spend up to " + amount + " USD today");
    }

    @Override
    public void answered(Tx tx, Review review) {
        chosen(review).ifPresent(raise -> raise(tx, raise));
    }

    /** What a person chose; whatever else closes a review raises nothing. */
    private static Optional<Raise> chosen(Review review) {
        String by = String.valueOf(review.decidedBy());
        Matcher of = OF_DAY.matcher(String.valueOf(review.subject()));
        Matcher to = TO.matcher(String.valueOf(review.choice()));
        return by.startsWith("user:") && review.status().equals("resolved") && of.matches() && to.matches()
                ? Optional.of(new Raise(
                        "review:" + review.id(),
                        of.group(1),
                        LocalDate.parse(of.group(2)),
                        new BigDecimal(to.group(1)),
                        by,
                        review.note()))
                : Optional.empty();
    }

    /** Today's, without having been asked. */
    void today(Scope scope, String role, @Nullable BigDecimal usd) {
        BudgetDay day = days.today(scope.tenant());
        sql.run(scope, tx -> {
            BigDecimal to = checked(tx, role, day, usd);
            raise(tx, new Raise("raise:" + ids.v7(), role, day.date(), to, scope.actor(), scope.reason()));
        });
    }

    private BigDecimal checked(Tx tx, String role, BudgetDay day, @Nullable BigDecimal usd) {
        if (!WorkspaceBudgets.ROLES.contains(role)) {
            throw new CapitaniaException(
                    ErrorCode.NOT_FOUND,
                    "no agent " + role + "; there are " + String.join(", ", WorkspaceBudgets.ROLES));
        }
        BigDecimal usual = caps.usual(role);
        if (usd == null || usd.compareTo(usual) <= 0 || !Ceilings.cents(usd)) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "agent:" + role + " may spend " + usual.toPlainString()
                            + " USD a day; it is raised to more than that, with at most two decimals; found " + usd);
        }
        BigDecimal room = money.room(tx, role, day);
        if (usd.compareTo(room) > 0) {
            throw new CapitaniaException(
                            ErrorCode.SCHEMA_VIOLATION,
                            "the month's ceiling leaves agent:" + role + " " + Spending.plain(room) + " USD today, not "
                                    + usd.toPlainString())
                    .withHint("raise the ceiling first: hq budget set");
        }
        return usd;
    }

    /** It counts with the commit, and whoever waits for it is told. The next time that it is used up is a new question. */
    private void raise(Tx tx, Raise raise) {
        int news = tx.execute("""
                INSERT INTO budget_raises (raise_id, agent, day, daily_usd, raised_by, reason) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING
                """, raise.id(), raise.role(), raise.day(), raise.usd(), raise.by(), raise.reason());
        if (news == 0) {
            return;
        }
        reviews.over(
                tx,
                prefix(raise.role()) + raise.day(),
                raise.by() + " has raised it to " + Spending.plain(raise.usd()) + " USD");
        ObjectNode input = Json.MAPPER
                .createObjectNode()
                .put("action", "raise")
                .put("agent", raise.role())
                .put("day", raise.day().toString())
                .put("daily_usd", raise.usd());
        tx.publish(
                LedgerAction.TYPE,
                raise.id(),
                LedgerAction.of(raise.id(), raise.by(), "hq_budget", input, clock.instant()));
        tx.publish(BudgetRaised.TYPE, tx.scope().tenant(), new BudgetRaised(raise.role(), raise.usd(), raise.by()));
    }
}
