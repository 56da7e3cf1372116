package org.capitania.registry.reviews;

import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;

/** Hears that questions were answered, and asks approval-service for the answers: the event is no authority (decision 13). */
@ApplicationScoped
public class ReviewDoorbell {
    private static final String NAME = "answered-reviews";
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int AT_ONCE = 50;

    private final Sql sql;
    private final Tenants tenants;
    private final Peers peers;
    private final Loops loops;
    private final List<OnAnswer> listeners;

    ReviewDoorbell(Sql sql, Tenants tenants, Peers peers, Loops loops, @All List<OnAnswer> listeners) {
        this.sql = sql;
        this.tenants = tenants;
        this.peers = peers;
        this.loops = loops;
        this.listeners = listeners;
    }

    void start(@Observes StartupEvent event) {
        loops.every(NAME, AGAIN, () -> tenants.each(this::workOff));
    }

    /** Whether the event is of a kind that is heard here. */
    public static boolean hears(String type) {
        return type.equals(ReviewChanged.RESOLVED);
    }

    /** Keeps the question until its answer has been asked for; one without a subject no event asked for. */
    public Outcome handle(Event event, InboxScope inbox) {
        ReviewChanged change = event.as(ReviewChanged.class);
        if (change.subject() != null) {
            inbox.run(tx -> {
                tx.execute(
                        "INSERT INTO rung_reviews (review_id) VALUES ($1) ON CONFLICT DO NOTHING", change.reviewId());
                tx.afterCommit(() -> loops.wake(NAME));
            });
        }
        return Outcome.DONE;
    }

    private void workOff(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "what a person answered");
        for (String id : sql.read(scope, ReviewDoorbell::rung)) {
            try {
                Review review = peers.get(
                        Service.APPROVAL_SERVICE,
                        "/v1/reviews/" + URLEncoder.encode(id, StandardCharsets.UTF_8),
                        scope,
                        Review.class);
                sql.run(scope, tx -> {
                    if (over(tx, id)) {
                        listeners.forEach(listener -> listener.answered(tx, review));
                    }
                });
            } catch (CapitaniaException e) {
                if (e.code() == ErrorCode.NOT_FOUND) {
                    Log.warnf("an event told of a review that there is not review=%s tenant=%s", id, tenant);
                    sql.run(scope, tx -> over(tx, id));
                } else {
                    Log.warnf(e, "what was answered is asked for again later review=%s tenant=%s", id, tenant);
                }
            }
        }
    }

    private static List<String> rung(Tx tx) {
        List<String> ids = new ArrayList<>();
        tx.query("SELECT review_id FROM rung_reviews ORDER BY rung_at LIMIT " + AT_ONCE)
                .forEach(row -> ids.add(row.getString("review_id")));
        return ids;
    }

    private static boolean over(Tx tx, String id) {
        return tx.execute("DELETE FROM rung_reviews WHERE review_id = $1", id) == 1;
    }
}
