package org.capitania.approval.review;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.ReviewDecision;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** What services ask a person to look at. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class RequestedReviewIT {
    private final String subject = "provider:x:" + UUID.randomUUID();

    @Test
    void shouldOpenOneReviewASubjectAndCloseItWhenItsCauseIsOver() {
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // When
            request("the key is refused");
            request("the key is refused again");
            // Then
            ReviewChanged opened = heard(events, ReviewChanged.OPENED, 1);
            assertThat(opened.kind()).isEqualTo("provider");
            assertThat(reviews("open"))
                    .extracting(Review::title, Review::detail)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("the key is refused", "correct it"));
            // When
            withdraw();
            withdraw();
            // Then
            ReviewChanged resolved = heard(events, ReviewChanged.RESOLVED, 1);
            assertThat(resolved.note()).isEqualTo("the key works");
            assertThat(resolved.status()).isEqualTo("withdrawn");
            assertThat(reviews("open")).isEmpty();
            assertThat(reviews("withdrawn")).extracting(Review::id).containsExactly(opened.reviewId());
            // And when it comes back it is another
            request("the key is refused");
            assertThat(heard(events, ReviewChanged.OPENED, 2).reviewId()).isNotEqualTo(opened.reviewId());
            assertThat(reviews("open")).hasSize(1);
            assertThat(of(events, ReviewChanged.RESOLVED)).hasSize(1);
            withdraw();
            heard(events, ReviewChanged.RESOLVED, 2);
        }
    }

    @Test
    void shouldOfferWhatTheServiceNamesAndTellItTheAnswerByItsSubject() {
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // Given
            List<Option> options = List.of(new Option("raise-2", "Up to 2 USD"), new Option("leave", "Leave it"));
            Events.publish(
                    ReviewRequested.TYPE,
                    subject,
                    new ReviewRequested(subject, "provider", "all is spent", "raise it", options));
            heard(events, ReviewChanged.OPENED, 1);
            Review open = reviews("open").getFirst();
            assertThat(open.options()).isEqualTo(options);
            // When: it is not one of them
            assertThat(resolve(open, "done")).isEqualTo(422);
            assertThat(resolve(open, "raise-2")).isEqualTo(200);
            // Then
            ReviewChanged resolved = heard(events, ReviewChanged.RESOLVED, 1);
            assertThat(resolved.subject()).isEqualTo(subject);
            assertThat(resolved.choice()).isEqualTo("raise-2");
            assertThat(resolved.by()).isEqualTo("user:owner");
        }
    }

    private static int resolve(Review review, String choice) {
        return given().auth()
                .oauth2(TestTokens.bearer("user:owner", Service.APPROVAL_SERVICE))
                .contentType("application/json")
                .body(Json.write(new ReviewDecision(choice, null, null, null)))
                .post("/v1/reviews/" + review.id() + "/resolve")
                .statusCode();
    }

    private void request(String title) {
        Events.publish(ReviewRequested.TYPE, subject, new ReviewRequested(subject, "provider", title, "correct it"));
    }

    private void withdraw() {
        Events.publish(ReviewWithdrawn.TYPE, subject, new ReviewWithdrawn(subject, "the key works"));
    }

    private ReviewChanged heard(EventTail events, String type, int wanted) {
        await().atMost(Duration.ofSeconds(20)).until(() -> of(events, type).size() >= wanted);
        return of(events, type).getLast();
    }

    /** Of this test: what others have put off opens again at any time. */
    private List<ReviewChanged> of(EventTail events, String type) {
        return events.ofType(type).stream()
                .map(event -> event.as(ReviewChanged.class))
                .filter(changed -> subject.equals(changed.subject()))
                .toList();
    }

    private List<Review> reviews(String status) {
        return Json.read(
                        given().auth()
                                .oauth2(TestTokens.bearer("user:owner", Service.APPROVAL_SERVICE))
                                .get("/v1/reviews?status=" + status)
                                .asString(),
                        ReviewList.class)
                .items()
                .stream()
                .filter(review -> subject.equals(review.subject()))
                .toList();
    }
}
