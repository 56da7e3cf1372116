package org.capitania.approval.review;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Service;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** The fleet asks, a person answers once. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ReviewIT {
    private static final Map<String, Object> QUESTION = Map.of(
            "kind",
            "conflict",
            "title",
            "Two addresses",
            "detail",
            "Which of them is it?",
            "node_id",
            "n-1",
            "options",
            List.of(Map.of("id", "opt-1", "label", "Porto"), Map.of("id", "opt-2", "label", "Braga")));

    @Test
    void shouldBeOpenedOnceAndResolvedWithOneOfItsOptions() {
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // Given: asked twice, as after an answer that got lost
            String key = UUID.randomUUID().toString();
            String id = open(key);
            assertThat(open(key)).isEqualTo(id);
            as("user:owner").get("/v1/reviews").then().body("items.id", hasItem(id));
            // When
            decide("user:owner", id, "resolve", Map.of("choice", "opt-3"))
                    .then()
                    .statusCode(422);
            decide("user:ana", id, "resolve", Map.of("choice", "opt-2", "note", "the newer one"))
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("resolved"))
                    .body("choice", equalTo("opt-2"))
                    .body("decided_by", equalTo("user:ana"));
            // Then: said again it is the same, otherwise it is too late
            decide("user:owner", id, "resolve", Map.of("choice", "opt-2"))
                    .then()
                    .statusCode(200);
            decide("user:owner", id, "resolve", Map.of("choice", "opt-1"))
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("already_decided"));
            decide("user:owner", id, "dismiss", Map.of("reason", "no")).then().statusCode(409);
            as("user:owner").get("/v1/reviews").then().body("items.id", not(hasItem(id)));
            as("user:owner").get("/v1/reviews?status=resolved").then().body("items.id", hasItem(id));
            as("user:owner").get("/v1/reviews/{id}", id).then().body("note", equalTo("the newer one"));
            Event resolved = events.await(ReviewChanged.RESOLVED, e -> e.key().equals(id));
            assertThat(resolved.as(ReviewChanged.class).choice()).isEqualTo("opt-2");
            assertThat(resolved.actor()).isEqualTo("user:ana");
            assertThat(events.await(ReviewChanged.OPENED, e -> e.key().equals(id))
                            .actor())
                    .isEqualTo("system:ingest-workers");
        }
    }

    @Test
    void shouldBeOpenAgainWhenItsTimeHasCome() {
        String id = open(UUID.randomUUID().toString());
        decide("user:owner", id, "defer", Map.of("until", "2020-01-01T00:00:00Z"))
                .then()
                .statusCode(422);
        Instant until = Instant.now().plusSeconds(4);
        decide("user:owner", id, "defer", Map.of("until", until.toString()))
                .then()
                .statusCode(200)
                .body("status", equalTo("deferred"));
        as("user:owner").get("/v1/reviews?status=deferred").then().body("items.id", hasItem(id));
        await().untilAsserted(() -> as("user:owner").get("/v1/reviews").then().body("items.id", hasItem(id)));
        assertThat(Instant.now()).isAfterOrEqualTo(until);
        // And soon for whoever hears of it
        try (EventTail events = EventTail.fromStart("hq.review")) {
            events.await(
                    ReviewChanged.OPENED, e -> e.key().equals(id) && e.actor().equals("system:approval-service"));
        }
        as("user:owner").get("/v1/reviews/{id}", id).then().body("status", equalTo("open"));
        decide("user:owner", id, "dismiss", Map.of()).then().statusCode(422);
        decide("user:owner", id, "dismiss", Map.of("reason", "both are right"))
                .then()
                .statusCode(200)
                .body("status", equalTo("dismissed"));
    }

    @Test
    void shouldBeAnsweredByNobodyButAPerson() {
        String id = open(UUID.randomUUID().toString());
        for (String nobody : List.of("system:supervisor", "system:ingest-workers", "client:test")) {
            assertThat(decide(nobody, id, "resolve", Map.of("choice", "opt-1")).statusCode())
                    .as(nobody)
                    .isEqualTo(403);
        }
        assertThat(passedOn("agent:operator", id).statusCode()).isEqualTo(403);
        assertThat(as("user:owner")
                        .contentType(ContentType.JSON)
                        .body(QUESTION)
                        .post("/v1/reviews")
                        .statusCode())
                .isEqualTo(403);
        as("user:owner").get("/v1/reviews/{id}", id).then().body("status", equalTo("open"));
        passedOn("user:owner", id).then().statusCode(200).body("decided_by", equalTo("user:owner"));
    }

    private static Response passedOn(String actor, String id) {
        return given().auth()
                .oauth2(TestTokens.onBehalfOf("system:tool-registry", actor, Service.APPROVAL_SERVICE, "main"))
                .contentType(ContentType.JSON)
                .body(Map.of("choice", "opt-1"))
                .post("/v1/reviews/{id}/resolve", id);
    }

    private static String open(String key) {
        return as("system:ingest-workers")
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(QUESTION)
                .post("/v1/reviews")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static Response decide(String principal, String id, String verb, Map<String, String> body) {
        return as(principal).contentType(ContentType.JSON).body(body).post("/v1/reviews/{id}/{verb}", id, verb);
    }

    private static RequestSpecification as(String principal) {
        return given().auth().oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE));
    }
}
