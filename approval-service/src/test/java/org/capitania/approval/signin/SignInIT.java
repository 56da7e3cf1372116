package org.capitania.approval.signin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.approval.proposal.Arrivals;
import org.capitania.approval.proposal.FakeRegistry;
import org.capitania.approval.proposal.Frozen;
import org.capitania.contract.Service;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's door: tickets work once, sessions belong to people, and no other page sends its forms. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class SignInIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

    @Inject
    Arrivals arrivals;

    @TestHTTPResource("/")
    URI console;

    private FakePeers peers;
    private FakeRegistry registry;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        registry = new FakeRegistry(peers);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldWorkOnceWhenATicketIsUsedTwice() {
        // Given
        String ticket = ticket("user:owner");
        // When
        Response first = given().queryParam("ticket", ticket).get("/sign-in");
        Response second = given().queryParam("ticket", ticket).get("/sign-in");
        // Then
        first.then()
                .statusCode(200)
                .header("set-cookie", containsString("HttpOnly"))
                .header("set-cookie", containsString("SameSite=Strict"));
        with(first).get("/").then().statusCode(200).body(containsString("wait"));
        second.then().statusCode(401).body(containsString("used already"));
        assertThat(second.cookies()).isEmpty();
    }

    @Test
    void shouldWorkOnceWhenATicketIsUsedAtTheSameTime() throws Exception {
        String ticket = ticket("user:owner");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Integer> use =
                    () -> given().queryParam("ticket", ticket).get("/sign-in").statusCode();
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> answer : threads.invokeAll(Collections.nCopies(4, use))) {
                answers.add(answer.get());
            }
            assertThat(answers).containsExactlyInAnyOrder(200, 401, 401, 401);
        }
    }

    @Test
    void shouldRefuseWhenTheTicketIsNoPersonsOrNoTicket() {
        for (String wrong : new String[] {
            ticket("client:test"),
            ticket("system:tool-registry"),
            TestTokens.bearer("user:owner", Service.APPROVAL_SERVICE),
            TestTokens.with("user:owner", Service.GRAPH_SERVICE, "main", Map.of("use", "sign-in")),
            "nonsense"
        }) {
            Response answer = given().queryParam("ticket", wrong).get("/sign-in");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.cookies()).isEmpty();
        }
    }

    @Test
    void shouldNotActAsABearerWhenItIsATicket() {
        given().auth().oauth2(ticket("user:owner")).get("/v1/proposals").then().statusCode(401);
    }

    @Test
    void shouldShowTheWayInWhenNobodyIsSignedIn() {
        for (String path : new String[] {"/", "/agents", "/activity", "/proposals/" + UUID.randomUUID()}) {
            given().get(path).then().statusCode(401).body(containsString("hq sign-in"));
        }
        given().get("/?format=json").then().statusCode(401).body("code", equalTo("unauthenticated"));
        given().cookie("hq_session", "main.guessed").get("/").then().statusCode(401);
        given().cookie("hq_session", "elsewhere.guessed").get("/").then().statusCode(401);
        given().get("/live").then().statusCode(401);
    }

    @Test
    void shouldDecideNothingWhenTheFormIsForged() {
        // Given
        FrozenCall frozen = registry.freeze(Frozen.reply(UUID.randomUUID()));
        UUID id = arrivals.arrive(frozen);
        Response session = given().queryParam("ticket", ticket("user:owner")).get("/sign-in");
        String token = token(with(session).get("/proposals/" + id));
        String address = "/proposals/" + id + "/approve";
        // When
        form(session, token, frozen)
                .header("Origin", "https://evil.example")
                .post(address)
                .then()
                .statusCode(403);
        form(session, token, frozen).post(address).then().statusCode(403);
        form(session, "guessed", frozen)
                .header("Origin", origin())
                .post(address)
                .then()
                .statusCode(403);
        // Then
        with(session).get("/proposals/" + id + "?format=json").then().body("proposal.status", equalTo("pending"));
        form(session, token, frozen)
                .header("Origin", origin())
                .redirects()
                .follow(false)
                .post(address)
                .then()
                .statusCode(303);
        with(session)
                .get("/proposals/" + id + "?format=json")
                .then()
                .body("proposal.status", equalTo("approved"))
                .body("proposal.decisions[0].by", equalTo("user:owner"));
    }

    @Test
    void shouldEndTheSessionWhenSignedOut() {
        // Given
        Response session = given().queryParam("ticket", ticket("user:owner")).get("/sign-in");
        String token = token(with(session).get("/"));
        // When
        signOut(session, "of an earlier session")
                .then()
                .statusCode(403)
                .contentType("text/html")
                .body(containsString("from an earlier session"));
        signOut(session, token).then().statusCode(303);
        // Then
        with(session).get("/").then().statusCode(401);
        signOut(session, token).then().statusCode(303).header("location", endsWith("/sign-in"));
    }

    @Test
    void shouldSayTheSameInMarkdownAndJsonWhenAsked() {
        // Given
        FrozenCall frozen = registry.freeze(Frozen.reply(UUID.randomUUID()));
        UUID id = arrivals.arrive(frozen);
        // Then
        assertThat(page("/?format=md", "text/markdown")).contains("- to: ana.silva@moinho.example");
        assertThat(page("/?format=json", "application/json")).contains(id.toString());
        assertThat(page("/proposals/" + id + "?format=md", "text/markdown"))
                .contains("> we are open until 18:00", "## What chief did")
                .doesNotContain("<html");
        assertThat(page("/agents?format=md", "text/markdown")).contains("# Agents");
        assertThat(page("/activity?format=md", "text/markdown")).contains("asked by chief");
        assertThat(page("/activity?format=json", "application/json")).contains("\"pending\"");
        given().auth()
                .oauth2(TestTokens.bearer("client:test", Service.APPROVAL_SERVICE))
                .get("/?format=json")
                .then()
                .statusCode(403);
    }

    @Test
    void shouldForbidScriptsAndFramesWhenAnythingIsServed() {
        for (String path : new String[] {"/", "/sign-in", "/assets/console.js", "/v1/proposals"}) {
            given().get(path)
                    .then()
                    .header("content-security-policy", containsString("script-src 'self'"))
                    .header("content-security-policy", containsString("frame-ancestors 'none'"))
                    .header("x-content-type-options", "nosniff");
        }
    }

    private Response signOut(Response session, String token) {
        return with(session)
                .formParam("token", token)
                .header("Origin", origin())
                .redirects()
                .follow(false)
                .post("/sign-out");
    }

    private static String page(String path, String type) {
        Response page = given().auth()
                .oauth2(TestTokens.bearer("user:owner", Service.APPROVAL_SERVICE))
                .get(path);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.contentType()).startsWith(type);
        return page.asString();
    }

    private static String ticket(String principal) {
        return TestTokens.with(principal, Service.APPROVAL_SERVICE, "main", Map.of("use", "sign-in"));
    }

    private static RequestSpecification with(Response session) {
        return given().cookie("hq_session", session.cookie("hq_session"));
    }

    private static RequestSpecification form(Response session, String token, FrozenCall frozen) {
        return with(session)
                .formParam("token", token)
                .formParam("digest", frozen.digest())
                .formParam("revision", frozen.revision());
    }

    private static String token(Response page) {
        Matcher matcher = TOKEN.matcher(page.asString());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private String origin() {
        return "http://" + console.getRawAuthority();
    }
}
