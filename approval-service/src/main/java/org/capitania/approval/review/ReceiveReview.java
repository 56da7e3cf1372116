package org.capitania.approval.review;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;
import org.jspecify.annotations.Nullable;

/** Opens what a service asks a person to look at, one open review a subject, and closes it when the service says that its cause is over. */
@ApplicationScoped
public class ReceiveReview {
    private final Orm orm;
    private final Ids ids;
    private final Clock clock;
    private final Reviews reviews;

    ReceiveReview(Orm orm, Ids ids, Clock clock, Reviews reviews) {
        this.orm = orm;
        this.ids = ids;
        this.clock = clock;
        this.reviews = reviews;
    }

    /** Takes an event of {@code hq.review}; those that this service says itself need nothing more. */
    public Outcome handle(Event event, InboxScope inbox) {
        switch (event.type()) {
            case ReviewRequested.TYPE -> {
                ReviewRequested asked = event.as(ReviewRequested.class);
                orm.once(inbox, tx -> find(tx, asked.subject()).chain(row -> open(tx, row, asked, event.actor())));
            }
            case ReviewWithdrawn.TYPE -> {
                ReviewWithdrawn over = event.as(ReviewWithdrawn.class);
                orm.once(inbox, tx -> find(tx, over.subject()).chain(row -> close(tx, row, over, event.actor())));
            }
            default -> {
                // opened, resolved, deferred
            }
        }
        return Outcome.DONE;
    }

    /** The one of this subject that waits for an answer. */
    private static Uni<@Nullable ReviewRow> find(OrmTx tx, String subject) {
        return tx.session()
                .createSelectionQuery("FROM ReviewRow WHERE subject = :subject AND resolvedAt IS NULL", ReviewRow.class)
                .setParameter("subject", subject)
                .getSingleResultOrNull();
    }

    private Uni<Void> open(OrmTx tx, @Nullable ReviewRow known, ReviewRequested asked, String by) {
        if (known != null) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        ReviewRow row = ReviewRow.of(ids.v7(), asked, by, now);
        tx.afterCommit(() -> Log.warnf(
                "a person has to look tenant=%s subject=%s", tx.scope().tenant(), asked.subject()));
        return tx.session().persist(row).chain(() -> reviews.tell(tx, ReviewChanged.OPENED, row, now));
    }

    private Uni<Void> close(OrmTx tx, @Nullable ReviewRow row, ReviewWithdrawn over, String by) {
        if (row == null) {
            return Uni.createFrom().voidItem();
        }
        Instant now = clock.instant();
        row.withdraw(by, over.why(), now);
        return reviews.tell(tx, ReviewChanged.RESOLVED, row, now);
    }
}
