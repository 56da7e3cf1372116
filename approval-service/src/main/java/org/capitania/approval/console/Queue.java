package org.capitania.approval.console;

import static org.capitania.contract.api.ProposalStatus.APPROVED;
import static org.capitania.contract.api.ProposalStatus.EXECUTED;
import static org.capitania.contract.api.ProposalStatus.EXECUTING;
import static org.capitania.contract.api.ProposalStatus.EXPIRED;
import static org.capitania.contract.api.ProposalStatus.FAILED;
import static org.capitania.contract.api.ProposalStatus.PENDING;
import static org.capitania.contract.api.ProposalStatus.REJECTED;
import static org.capitania.contract.api.ProposalStatus.STALE;
import static org.capitania.contract.api.ProposalStatus.UNKNOWN;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.approval.console.QueuePage.Card;
import org.capitania.approval.console.QueuePage.Done;
import org.capitania.approval.console.QueuePage.Notice;
import org.capitania.approval.notification.Notifications;
import org.capitania.approval.proposal.ProposalQueries;
import org.capitania.approval.review.ReviewQueries;
import org.capitania.contract.api.NotificationView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Makes the page of what waits. */
@ApplicationScoped
class Queue {
    private static final int MOST = 200;
    private static final int RECENT = 8;
    private static final Duration SOON = Duration.ofDays(2);
    private static final List<ProposalStatus> WAITING = List.of(PENDING, STALE);
    private static final List<ProposalStatus> DECIDED =
            List.of(APPROVED, EXECUTING, EXECUTED, REJECTED, EXPIRED, FAILED, UNKNOWN);

    private final ProposalQueries proposals;
    private final Notifications notifications;
    private final ReviewQueries reviews;
    private final Clock clock;

    Queue(ProposalQueries proposals, Notifications notifications, ReviewQueries reviews, Clock clock) {
        this.proposals = proposals;
        this.reviews = reviews;
        this.notifications = notifications;
        this.clock = clock;
    }

    QueuePage page(Scope scope) {
        Instant now = clock.instant();
        return new QueuePage(
                notifications.list(scope, false).stream()
                        .map(n -> notice(n, now))
                        .toList(),
                proposals.rendered(scope, WAITING, MOST).stream()
                        .map(p -> card(p, now))
                        .toList(),
                proposals.latelyMoved(scope, DECIDED, RECENT).stream()
                        .map(p -> done(p, now))
                        .toList());
    }

    long waiting(Scope scope) {
        return proposals.count(scope, WAITING);
    }

    long questions(Scope scope) {
        return reviews.countOpen(scope);
    }

    private static Notice notice(NotificationView n, Instant now) {
        return new Notice(
                n.id(),
                Words.name(n.from()),
                Addresses.readable(n.text().strip().replaceAll("\\s+", " ")),
                n.about().stream().map(NotificationView.About::title).toList(),
                n.urgency().equals("now"),
                n.tainted(),
                Moment.of(n.sentAt(), now));
    }

    private static Card card(ProposalView p, Instant now) {
        Instant expires = p.expiresAt();
        return new Card(
                p.id(),
                Words.name(p.agent()),
                Words.act(p),
                p.summary(),
                Draft.of(p),
                Moment.of(p.createdAt(), now),
                Words.risk(p.risk()),
                p.tainted(),
                p.status() == STALE ? reason(p) : null,
                p.revision(),
                expires == null ? null : Moment.of(expires, now),
                expires != null && expires.isBefore(now.plus(SOON)));
    }

    private static Done done(ProposalView p, Instant now) {
        return new Done(
                p.id(),
                Words.name(p.agent()),
                p.summary(),
                p.status().wire(),
                Words.status(p.status(), p.tool()),
                Moment.of(p.updatedAt(), now),
                p.reason());
    }

    private static String reason(ProposalView p) {
        @Nullable String reason = p.reason();
        return reason == null ? "something it rests on changed" : reason;
    }
}
