package org.capitania.approval.notification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.NotificationView;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** What agents told the owner: kept once, shown, and resolved by a person. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class NotificationIT {
    private static final String GATEWAY = "system:tool-registry";

    @Test
    void shouldStandInTheConsoleUntilAPersonResolvesIt() {
        String text = "Rita cancels today " + UUID.randomUUID();
        String key = UUID.randomUUID().toString();
        String id = told(tell("call-" + key, key, text));
        as("user:owner").get("/?format=md").then().body(containsString("tool-registry says, now: " + text));
        // When: no program can put it away, a person can, and the first who does stands
        as("client:test").post("/v1/notifications/{id}/resolve", id).then().statusCode(403);
        as("user:owner").post("/v1/notifications/{id}/resolve", id).then().body("resolved_by", equalTo("user:owner"));
        as("user:ana")
                .post("/v1/notifications/{id}/resolve", id)
                .then()
                .statusCode(200)
                .body("resolved_by", equalTo("user:owner"));
        // Then
        as("user:owner").get("/?format=md").then().body(not(containsString(text)));
        as("user:owner").get("/v1/notifications").then().body("items.id", not(hasItem(id)));
        as("user:owner").get("/v1/notifications?all=true").then().body("items.id", hasItem(id));
        as("user:owner")
                .post("/v1/notifications/{id}/resolve", UUID.randomUUID())
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(TestTokens.bearer("user:elsewhere", Service.APPROVAL_SERVICE, "other"))
                .get("/v1/notifications?all=true")
                .then()
                .body("items.id", not(hasItem(id)));
    }

    @Test
    void shouldBeOneWhenItIsToldAtOnceByOneCallOrOfOneMatter() throws Exception {
        String key = UUID.randomUUID().toString();
        List<String> ids;
        try (ExecutorService at = Executors.newFixedThreadPool(6)) {
            List<Future<Response>> all = IntStream.range(0, 6)
                    .mapToObj(n ->
                            at.submit(() -> tell("call-" + key + (n < 3 ? "" : "-" + n), key, "It is late " + key)))
                    .toList();
            ids = all.stream()
                    .map(NotificationIT::answer)
                    .map(NotificationIT::told)
                    .toList();
        }
        assertThat(Collections.frequency(ids, ids.getFirst())).isEqualTo(6);
        // The same call answers what it answered, and the matter may be told anew once it was resolved.
        as("user:owner").post("/v1/notifications/{id}/resolve", ids.getFirst());
        String later = told(tell("call-" + key + "-later", key, "It is late " + key));
        assertThat(later).isNotEqualTo(ids.getFirst());
        assertThat(told(tell("call-" + key + "-later", key, "It is late " + key)))
                .isEqualTo(later);
    }

    @Test
    void shouldBeHandedInByTheGatewayAlone() {
        for (String who : List.of("user:owner", "client:test")) {
            post(who, "call-" + UUID.randomUUID(), UUID.randomUUID().toString(), "Let me in")
                    .then()
                    .statusCode(403);
        }
    }

    private static Response answer(Future<Response> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response tell(String call, String key, String text) {
        return post(GATEWAY, call, key, text);
    }

    private static Response post(String who, String call, String key, String text) {
        return as(who).contentType(ContentType.JSON)
                .header("Idempotency-Key", call)
                .body(Json.write(new NotificationView.Request("now", text, List.of(), false, null, key)))
                .post("/v1/notifications");
    }

    private static String told(Response response) {
        return response.then().statusCode(200).extract().path("notification.id");
    }

    private static RequestSpecification as(String principal) {
        return given().auth().oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE));
    }
}
