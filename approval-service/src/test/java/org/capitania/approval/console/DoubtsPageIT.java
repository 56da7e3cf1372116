package org.capitania.approval.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.approval.proposal.FakeRegistry;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.DoubtList;
import org.capitania.contract.api.DoubtList.Doubt;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person sees what is in doubt, and says how it ended; the gateway hears it in their name. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class DoubtsPageIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
    private static final DoubtList ONE = new DoubtList(List.of(new Doubt(
            "s:1:0",
            null,
            "hq_event_log",
            "agent:operator",
            "task-1",
            "an earlier try was not answered",
            Json.tree(Map.of("title", "<b>Did it</b>")),
            Instant.parse("2026-11-20T09:00:00Z"))));

    @TestHTTPResource("/")
    URI console;

    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeRegistry(peers);
        peers.on(Service.TOOL_REGISTRY, "GET", "/v1/doubts", r -> ONE);
        peers.on(Service.TOOL_REGISTRY, "POST", "/v1/doubts", r -> new DoubtList(List.of()));
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldShowWhatIsInDoubtAndPassOnWhatAPersonSays() {
        // Given
        Response session = given().queryParam(
                        "ticket",
                        TestTokens.with("user:owner", Service.APPROVAL_SERVICE, "main", Map.of("use", "sign-in")))
                .get("/sign-in");
        Response page = with(session).get("/doubts");
        page.then()
                .statusCode(200)
                .body(containsString("an earlier try was not answered"))
                .body(containsString("&lt;b&gt;Did it"));
        with(session).get("/doubts?format=md").then().statusCode(200).body(containsString("s:1:0"));
        with(session).get("/doubts?format=json").then().body("entries[0].tool", equalTo("hq_event_log"));
        // When
        say(session, "guessed", "no").then().statusCode(403);
        say(session, token(page), "perhaps").then().statusCode(400);
        assertThat(peers.requests("POST", "/v1/doubts")).isEmpty();
        say(session, token(page), "no").then().statusCode(303);
        // Then
        FakePeers.Request said = peers.requests("POST", "/v1/doubts").getFirst();
        assertThat(said.onBehalfOf()).isEqualTo("user:owner");
        assertThat(said.body()).isEqualTo(Json.tree(Map.of("id", "s:1:0", "happened", false, "note", "I looked")));
        given().get("/doubts").then().statusCode(401);
    }

    private Response say(Response session, String token, String happened) {
        return with(session)
                .header("Origin", "http://" + console.getRawAuthority())
                .formParam("token", token)
                .formParam("id", "s:1:0")
                .formParam("happened", happened)
                .formParam("note", "I looked")
                .redirects()
                .follow(false)
                .post("/doubts");
    }

    private static RequestSpecification with(Response session) {
        return given().cookie("hq_session", session.cookie("hq_session"));
    }

    private static String token(Response page) {
        Matcher matcher = TOKEN.matcher(page.asString());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
