package org.capitania.registry.reviews;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Asks a person to look at something, once a subject, and takes it back when it is over by itself. */
@ApplicationScoped
public class Reviews {
    /** Says so, unless it is said already. */
    public void request(Tx tx, ReviewRequested review) {
        request(tx, review, null);
    }

    /** The same for a cap that has refused a call which might have cost {@code amount}. */
    public void request(Tx tx, ReviewRequested review, @Nullable BigDecimal amount) {
        int news = tx.execute("""
                INSERT INTO requested_reviews (subject, amount_usd) VALUES ($1, $2)
                ON CONFLICT (tenant_id, subject) DO UPDATE SET over_at = NULL, amount_usd = $2 WHERE requested_reviews.over_at IS NOT NULL
                """, review.subject(), amount);
        if (news == 1) {
            tx.publish(ReviewRequested.TYPE, review.subject(), review);
        }
    }

    /** Of a cap whose review is open: what the call might have cost that it refused. */
    public Optional<BigDecimal> refused(Tx tx, String subject) {
        return tx.one(
                        "SELECT amount_usd FROM requested_reviews WHERE subject = $1 AND over_at IS NULL AND amount_usd IS NOT NULL",
                        subject)
                .map(row -> row.getBigDecimal("amount_usd"));
    }

    /** What is asked under a prefix, answered or not. */
    public Set<String> asked(Tx tx, String prefix) {
        Set<String> subjects = new HashSet<>();
        tx.query("SELECT subject FROM requested_reviews WHERE starts_with(subject, $1) AND over_at IS NULL", prefix)
                .forEach((Row row) -> subjects.add(row.getString("subject")));
        return subjects;
    }

    /** Takes back what was asked about a cap before this subject: its time is over. */
    public void newPeriod(Tx tx, String prefix, String subject) {
        allBut(tx, prefix, Set.of(subject), "its time is over and counting has begun anew");
    }

    /** Takes back what was asked under a prefix, but for these subjects. */
    public void allBut(Tx tx, String prefix, Collection<String> subjects, String why) {
        for (String subject : asked(tx, prefix)) {
            if (!subjects.contains(subject)) {
                over(tx, subject, why);
            }
        }
    }

    /** Takes it back, if it is asked. */
    public void over(Tx tx, String subject, String why) {
        int news = tx.execute(
                "UPDATE requested_reviews SET over_at = clock_timestamp() WHERE subject = $1 AND over_at IS NULL",
                subject);
        if (news == 1) {
            tx.publish(ReviewWithdrawn.TYPE, subject, new ReviewWithdrawn(subject, why));
        }
    }
}
