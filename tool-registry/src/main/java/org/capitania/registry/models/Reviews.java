package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.servicekit.Tx;

/** Asks a person to look at something, once a subject, and takes it back when it is over by itself. */
@ApplicationScoped
class Reviews {
    void request(Tx tx, String subject, String kind, String title, String detail) {
        int news = tx.execute("""
                INSERT INTO requested_reviews (subject) VALUES ($1)
                ON CONFLICT (tenant_id, subject) DO UPDATE SET over_at = NULL WHERE requested_reviews.over_at IS NOT NULL
                """, subject);
        if (news == 1) {
            tx.publish(ReviewRequested.TYPE, subject, new ReviewRequested(subject, kind, title, detail));
        }
    }

    void over(Tx tx, String subject, String why) {
        int news = tx.execute(
                "UPDATE requested_reviews SET over_at = clock_timestamp() WHERE subject = $1 AND over_at IS NULL",
                subject);
        if (news == 1) {
            tx.publish(ReviewWithdrawn.TYPE, subject, new ReviewWithdrawn(subject, why));
        }
    }
}
