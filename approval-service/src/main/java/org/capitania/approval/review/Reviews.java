package org.capitania.approval.review;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.capitania.approval.live.LiveUpdates;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.OpenReview;
import org.capitania.contract.api.ReviewDecision;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;
import org.jspecify.annotations.Nullable;

/** Questions for a person: opened by the fleet, and then resolved with one of their options, put off, or dismissed with a reason. */
@ApplicationScoped
public class Reviews {
    private static final int LONGEST_TEXT = 4_000;
    private static final int MOST_OPTIONS = 20;

    private final Orm orm;
    private final Ids ids;
    private final Clock clock;
    private final LiveUpdates live;
    private final Loops loops;

    Reviews(Orm orm, Ids ids, Clock clock, LiveUpdates live, Loops loops) {
        this.orm = orm;
        this.ids = ids;
        this.clock = clock;
        this.live = live;
        this.loops = loops;
    }

    /** Opens one; the same key of the same principal answers the one that was opened. */
    Review open(Scope scope, @Nullable String key, OpenReview asked) {
        check("/kind", asked.kind(), 60);
        check("/title", asked.title(), 500);
        if (asked.options() == null
                || asked.options().isEmpty()
                || asked.options().size() > MOST_OPTIONS) {
            throw invalid("/options", "from 1 to " + MOST_OPTIONS + " options");
        }
        asked.options().forEach(option -> {
            check("/options/id", option.id(), 60);
            check("/options/label", option.label(), 500);
        });
        if (asked.options().stream().map(Option::id).distinct().count()
                < asked.options().size()) {
            throw invalid("/options", "each option under an id of its own");
        }
        Instant now = clock.instant();
        return orm.tx(
                scope,
                tx -> before(tx, scope, key).chain(before -> {
                    if (before != null) {
                        return Uni.createFrom().item(before.view(now));
                    }
                    ReviewRow row = ReviewRow.of(ids.v7(), asked, scope.actor(), key, now);
                    return tx.session()
                            .persist(row)
                            .chain(() -> tell(tx, ReviewChanged.OPENED, row, now))
                            .replaceWith(row.view(now));
                }));
    }

    /** Appends the event; with the commit those who look see it, and its node follows. */
    Uni<Void> tell(OrmTx tx, String type, ReviewRow row, Instant now) {
        String id = row.id.toString();
        tx.afterCommit(() -> {
            live.changed(tx.scope().tenant(), id);
            loops.wake(LiveUpdates.MIRROR_LOOP);
        });
        return tx.session()
                .flush()
                .chain(() -> tx.publish(type, id, row.changed(now)))
                .replaceWithVoid();
    }

    private static Uni<@Nullable ReviewRow> before(OrmTx tx, Scope scope, @Nullable String key) {
        return key == null
                ? Uni.createFrom().nullItem()
                : tx.session()
                        .createSelectionQuery("FROM ReviewRow WHERE openedBy = :by AND openKey = :key", ReviewRow.class)
                        .setParameter("by", scope.actor())
                        .setParameter("key", key)
                        .getSingleResultOrNull();
    }

    public Review resolve(Scope scope, String id, ReviewDecision decision) {
        String choice = text(decision.choice());
        return decide(scope, id, "resolved", choice, text(decision.note()), null, row -> {
            if (choice == null
                    || row.choices().stream().noneMatch(option -> option.id().equals(choice))) {
                throw invalid(
                        "/choice",
                        "one of "
                                + String.join(
                                        ", ",
                                        row.choices().stream().map(Option::id).toList()));
            }
        });
    }

    public Review defer(Scope scope, String id, ReviewDecision decision) {
        Instant until = decision.until();
        if (until != null && !until.isAfter(clock.instant())) {
            throw invalid("/until", "a time that lies ahead");
        }
        return decide(scope, id, "deferred", null, text(decision.note()), until, row -> {});
    }

    public Review dismiss(Scope scope, String id, ReviewDecision decision) {
        String reason = text(decision.reason());
        if (reason == null) {
            throw invalid("/reason", "why it needs no answer");
        }
        return decide(scope, id, "dismissed", null, reason, null, row -> {});
    }

    private interface Rule {
        void require(ReviewRow row);
    }

    private Review decide(
            Scope scope,
            String id,
            String to,
            @Nullable String choice,
            @Nullable String note,
            @Nullable Instant until,
            Rule rule) {
        if (note != null && note.length() > LONGEST_TEXT) {
            throw invalid("/note", "at most " + LONGEST_TEXT + " characters");
        }
        Instant now = clock.instant();
        return orm.tx(
                scope,
                tx -> tx.session()
                        .find(ReviewRow.class, ReviewQueries.uuid(id), LockModeType.PESSIMISTIC_WRITE)
                        .chain(found -> {
                            ReviewRow row = ReviewQueries.there(found, id);
                            rule.require(row);
                            if (row.closed()) {
                                if (!row.status.equals(to) || !Objects.equals(row.choice, choice)) {
                                    throw new CapitaniaException(
                                            ErrorCode.ALREADY_DECIDED,
                                            "the review was " + row.status + " by " + row.decidedBy + " at "
                                                    + row.decidedAt);
                                }
                                return Uni.createFrom().item(row.view(now));
                            }
                            row.decide(to, scope.actor(), now, choice, note, until);
                            String type = to.equals("deferred") ? ReviewChanged.DEFERRED : ReviewChanged.RESOLVED;
                            return tell(tx, type, row, now).replaceWith(row.view(now));
                        }));
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void check(String path, @Nullable String text, int longest) {
        if (text == null || text.isBlank() || text.length() > longest) {
            throw invalid(path, "from 1 to " + longest + " characters");
        }
    }

    private static CapitaniaException invalid(String path, String expected) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                "the review cannot be so: " + path.substring(1) + " is " + expected,
                List.of(new FieldError(path, "something else", expected, "expected " + expected)));
    }
}
