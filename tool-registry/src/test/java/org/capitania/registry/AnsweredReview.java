package org.capitania.registry;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;

/** A question that somebody has closed, as approval-service has it and as its event tells. */
public record AnsweredReview(String id, ReviewRequested asked, String status, String choice, String by) {
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    public AnsweredReview(ReviewRequested asked, String status, String choice, String by) {
        this(UUID.randomUUID().toString(), asked, status, choice, by);
    }

    /** The event comes, and whoever asks is told the same. */
    public void tell(FakePeers peers) {
        Review review = new Review(
                id,
                asked.kind(),
                status,
                asked.title(),
                asked.detail(),
                null,
                "agent:chief",
                AT,
                List.of(),
                choice,
                "an important day",
                null,
                by,
                AT,
                asked.subject());
        peers.on(Service.APPROVAL_SERVICE, "GET", "/v1/reviews/" + id, request -> review);
        event();
    }

    /** An event that claims it. */
    public void event() {
        Events.publish(
                ReviewChanged.RESOLVED,
                id,
                new ReviewChanged(
                        id,
                        status,
                        asked.kind(),
                        asked.title(),
                        null,
                        "agent:chief",
                        choice,
                        "an important day",
                        null,
                        by,
                        asked.subject(),
                        AT));
    }
}
