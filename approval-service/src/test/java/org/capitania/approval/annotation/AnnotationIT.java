package org.capitania.approval.annotation;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

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
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class AnnotationIT {

    @Test
    void shouldKeepEachGradeWhenAPersonThinksTwice() {
        // Given
        String task = UUID.randomUUID().toString();
        String action = "session-" + task + ":1:0";
        Instant before = Instant.now().minusSeconds(60);
        // When
        grade("user:owner", action, Map.of("grade", "good", "task_id", task))
                .then()
                .statusCode(200);
        grade("user:ana", action, Map.of("grade", "missing", "note", "look at the offer first", "task_id", task))
                .then()
                .statusCode(200)
                .body("annotator", equalTo("user:ana"));
        // Then
        as("user:owner").get("/v1/annotations?task_id=" + task).then().body("items.grade", contains("good", "missing"));
        as("user:owner").get("/v1/actions/{id}/annotations", action).then().body("items.size()", equalTo(2));
        as("user:owner")
                .get("/v1/annotations?since=" + before)
                .then()
                .body("items.findAll { it.task_id == '" + task + "' }.grade", contains("good", "missing"));
        as("user:owner")
                .get("/v1/annotations?since=" + Instant.now().plusSeconds(60))
                .then()
                .body("items", empty());
        given().auth()
                .oauth2(TestTokens.bearer("user:elsewhere", Service.APPROVAL_SERVICE, "other"))
                .get("/v1/annotations?task_id=" + task)
                .then()
                .body("items", empty());
    }

    @Test
    void shouldRefuseWhenTheGradeIsNoneOrFromNoPerson() {
        grade("user:owner", "a:1:0", Map.of("grade", "splendid"))
                .then()
                .statusCode(422)
                .body("errors[0].path", equalTo("/grade"));
        grade("user:owner", "a:1:0", Map.of("grade", "missing"))
                .then()
                .statusCode(422)
                .body("errors[0].path", equalTo("/note"));
        grade("client:test", "a:1:0", Map.of("grade", "good")).then().statusCode(403);
    }

    @Test
    void shouldListTheGradesOfATaskOrSinceATimeAndNothingElse() {
        for (String query : List.of("", "?since=yesterday", "?task_id=t-1&since=2026-11-22T00:00:00Z")) {
            as("user:owner").get("/v1/annotations" + query).then().statusCode(400);
        }
    }

    private static Response grade(String principal, String action, Map<String, String> body) {
        return as(principal).contentType(ContentType.JSON).body(body).post("/v1/actions/{id}/annotations", action);
    }

    private static RequestSpecification as(String principal) {
        return given().auth().oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE));
    }
}
