package org.capitania.approval.review;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.jspecify.annotations.Nullable;

/** What can be asked about reviews. */
@ApplicationScoped
public class ReviewQueries {
    private static final int LONGEST_LIST = 200;
    /** What was put off until now is open again; that it is unanswered is what the index knows. */
    private static final String OPEN =
            "resolvedAt IS NULL AND (status = 'open' OR status = 'deferred' AND deferredUntil <= :now)";

    private final Orm orm;
    private final Clock clock;

    ReviewQueries(Orm orm, Clock clock) {
        this.orm = orm;
        this.clock = clock;
    }

    /**
     * A review and how often it has changed.
     *
     * @param review as it is stored: one whose time has just come is still put off
     */
    public record Versioned(Review review, int version) {}

    /** Newest first; {@code closed} are those that need nothing more, those that were closed last first. */
    public ReviewList list(Scope scope, String status) {
        return list(scope, status, (status.equals("closed") ? "resolvedAt" : "createdAt") + " DESC, id DESC");
    }

    /** Those that are open, oldest first: what has waited longest is never left out. */
    public ReviewList open(Scope scope) {
        return list(scope, "open", "createdAt, id");
    }

    private ReviewList list(Scope scope, String status, String order) {
        Instant now = clock.instant();
        String which = switch (status) {
            case "open" -> OPEN;
            case "deferred" ->
                "resolvedAt IS NULL AND status = 'deferred' AND (deferredUntil IS NULL OR deferredUntil > :now)";
            case "resolved", "dismissed", "withdrawn" -> "status = '" + status + "' AND createdAt <= :now";
            case "closed" -> "resolvedAt <= :now";
            default ->
                throw new CapitaniaException(
                        ErrorCode.BAD_REQUEST,
                        "a review is open, deferred, closed (resolved, dismissed or withdrawn), not " + status);
        };
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery("FROM ReviewRow WHERE " + which + " ORDER BY " + order, ReviewRow.class)
                        .setParameter("now", now)
                        .setMaxResults(LONGEST_LIST)
                        .getResultList()
                        .map(rows -> new ReviewList(
                                rows.stream().map(row -> row.view(now)).toList())));
    }

    /** How many are open. */
    public long countOpen(Scope scope) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery("SELECT count(*) FROM ReviewRow WHERE " + OPEN, Long.class)
                        .setParameter("now", clock.instant())
                        .getSingleResult());
    }

    /** What its node in the graph follows. */
    public Versioned stored(Scope scope, UUID id) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .find(ReviewRow.class, id)
                        .map(row -> new Versioned(there(row, id.toString()).stored(), row.version)));
    }

    public Review one(Scope scope, String id) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .find(ReviewRow.class, uuid(id))
                        .map(row -> there(row, id).view(clock.instant())));
    }

    static ReviewRow there(@Nullable ReviewRow row, String id) {
        if (row == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no review " + id);
        }
        return row;
    }

    static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no review " + id + "; a review's id is a UUID", e);
        }
    }
}
