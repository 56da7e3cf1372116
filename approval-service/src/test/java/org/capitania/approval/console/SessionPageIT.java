package org.capitania.approval.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FakePeers.ServerSentEvents;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person sees what an agent does, as it does it, with and without a script. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class SessionPageIT {
    private static final String LIVE = "/v1/sessions/s-1/live";
    private static final String ENTRY =
            "id: 2\nevent: entry\ndata: {\"seq\":2,\"kind\":\"replied\",\"body\":{\"reply\":{\"text\":\"private\"}}}\n\n";
    private static final String WORDS =
            "event: text\ndata: {\"turn\":1,\"call_id\":\"c\",\"from\":0,\"text\":\"Dear <i>Ana</i>\\n<task-comp\"}\n\n";

    @TestHTTPResource("/")
    URI console;

    private FakePeers peers;
    private volatile JsonNode session;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new Scene(peers);
        session = session(false);
        peers.on(
                Service.AGENT_CHIEF,
                "GET",
                "/v1/sessions",
                r -> Json.MAPPER.createObjectNode().set("items", Json.tree(List.of(session))));
        peers.on(Service.AGENT_CHIEF, "GET", "/v1/sessions/s-1", r -> session);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldShowEachStepInWordsAndAsText() {
        for (String path : List.of("/sessions/chief", "/sessions/chief?task=t-1", "/sessions/chief/s-1")) {
            owner().get(path)
                    .then()
                    .statusCode(200)
                    .body(containsString("Was told of email.received"))
                    .body(containsString("I read &lt;b&gt;it"))
                    .body(not(containsString("task-complete")))
                    .body(containsString("data-follow=\"/sessions/chief/s-1/live\""))
                    .body(containsString("data-last=\"3\""));
        }
        assertThat(peers.requests("GET", "/v1/sessions").getLast().onBehalfOf()).isEqualTo("user:owner");
        assertThat(peers.requests("GET", "/v1/sessions"))
                .anyMatch(r -> r.query().contains("task_id=t-1"));
        owner().get("/sessions/chief?format=json")
                .then()
                .body("session.steps[2].title", equalTo("Read the thread"))
                .body("session.steps[2].tone", equalTo("failed"));
        owner().get("/sessions/chief?format=md")
                .then()
                .statusCode(200)
                .body(containsString("Read the thread: not_found"));
        given().get("/sessions/chief").then().statusCode(401);
    }

    @Test
    void shouldSayThatThereIsNothingOrThatTheAgentIsAway() {
        peers.on(
                Service.AGENT_CHIEF,
                "GET",
                "/v1/sessions",
                r -> Json.MAPPER.createObjectNode().putArray("items"));
        owner().get("/sessions/chief").then().statusCode(200).body(containsString("chief has done nothing yet."));
        owner().get("/sessions/nobody").then().statusCode(200).body(containsString("is not there"));
        peers.close();
        owner().get("/sessions/chief").then().statusCode(200).body(containsString("does not answer right now"));
        owner().get("/sessions/chief/s-1/live").then().statusCode(503);
    }

    @Test
    void shouldPassOnWhatHappensAndNotWhatIsNotShown() {
        peers.on(Service.AGENT_CHIEF, "GET", LIVE, r -> new ServerSentEvents("retry: 1000\n\n:\n\n" + ENTRY + WORDS));
        String events = owner().header("Last-Event-ID", "1")
                .get("/sessions/chief/s-1/live?after=0")
                .then()
                .statusCode(200)
                .contentType(containsString("text/event-stream"))
                .extract()
                .asString();
        assertThat(events)
                .isEqualTo("retry: 1000\n\n:\n\nid: 2\nevent: entry\ndata: {\"kind\":\"replied\"}\n\n" + WORDS);
        FakePeers.Request asked = peers.requests("GET", LIVE).getFirst();
        assertThat(asked.lastEventId()).as("what the browser has seen since").isEqualTo("1");
        assertThat(asked.onBehalfOf()).isEqualTo("user:owner");
        peers.on(Service.AGENT_CHIEF, "GET", LIVE, r -> {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no such session");
        });
        owner().get("/sessions/chief/s-1/live").then().statusCode(404);
        given().get("/sessions/chief/s-1/live").then().statusCode(401);
    }

    @Test
    void shouldFollowASessionToItsEnd() {
        try (Browser browser = Browser.start(console)) {
            // Given: an agent whose line is cut again and again after what it says
            peers.on(Service.AGENT_CHIEF, "GET", LIVE, r -> new ServerSentEvents("retry: 300\n\n" + WORDS));
            Page page = browser.signedIn(1000, 800, ColorScheme.LIGHT);
            page.navigate(console.resolve("/agents").toString());
            page.locator("a[href='/sessions/chief']").click();
            // Then
            assertThat(page.locator("[data-words]")).hasText("Dear <i>Ana</i>");
            assertThat(page.locator("[data-lost]")).isVisible();
            assertThat(page.locator(".step")).hasCount(3);
            // When: it is done
            session = session(true);
            peers.on(Service.AGENT_CHIEF, "GET", LIVE, r -> new ServerSentEvents(ENTRY + "event: end\ndata: {}\n\n"));
            // Then
            assertThat(page.locator(".step")).hasCount(4);
            assertThat(page.locator("#session")).containsText("finished");
            assertThat(page.locator("[data-words]")).hasCount(0);
            assertThat(peers.requests("GET", LIVE).getFirst().lastEventId()).isEqualTo("3");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static RequestSpecification owner() {
        return given().header("Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.APPROVAL_SERVICE));
    }

    private static JsonNode session(boolean over) {
        ObjectNode session = Json.MAPPER.createObjectNode();
        session.put("session_id", "s-1")
                .put("task_id", "t-1")
                .put("model", "rehearsal")
                .put("opened_at", "2026-11-22T10:00:00Z");
        ArrayNode entries = session.putArray("entries");
        entry(entries, "received").putArray("items").addObject().put("type", "email.received");
        entry(entries, "asked");
        entry(entries, "replied").putObject("reply").put("text", "I read <b>it\n<task-complete reason=\"no\"/>");
        entry(entries, "returned")
                .put("tool", "email_thread_read")
                .put("ok", false)
                .put("code", "not_found");
        if (over) {
            entry(entries, "ended").put("ending", "finished").put("reason", "draft waits");
            session.put("ending", "finished").put("closed_at", "2026-11-22T10:01:00Z");
        }
        return session;
    }

    private static ObjectNode entry(ArrayNode entries, String kind) {
        ObjectNode entry = entries.addObject();
        entry.put("seq", entries.size() - 1).put("kind", kind).put("at", "2026-11-22T10:00:30Z");
        return entry.putObject("body");
    }
}
