package org.capitania.registry.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.HeaderText;
import org.capitania.contract.Service;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The owner may act for another person, and for nobody else; both names are kept. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ActingForAnotherIT {
    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldKeepBothNamesWhenTheOwnerActsForAnotherPerson() {
        try (EventTail events = EventTail.fromNow("hq.ledger.actions")) {
            // When
            String callId = "call-" + UUID.randomUUID();
            Response response = log("user:owner", "user:ana", callId, "não há cartão");
            // Then
            assertThat(response.statusCode()).isEqualTo(200);
            Event event = events.await(LedgerAction.TYPE, e -> e.key().equals(callId));
            assertThat(event.actor()).isEqualTo("user:ana");
            assertThat(event.reason()).isEqualTo("não há cartão [entered by user:owner]");
            assertThat(event.as(LedgerAction.class).actor()).isEqualTo("user:ana");
            assertThat(event.as(LedgerAction.class).enteredBy()).isEqualTo("user:owner");
        }
        FakePeers.Request written = peers.requests("POST", "/v1/mutations").getLast();
        assertThat(written.onBehalfOf()).isEqualTo("user:ana");
        assertThat(written.reason()).isEqualTo("não há cartão [entered by user:owner]");
    }

    @ParameterizedTest
    @CsvSource({
        "user:owner, agent:chief",
        "user:owner, system:tool-registry",
        "user:owner, worker:email_ingest",
        "user:ana, user:owner",
        "agent:chief, user:owner",
        "client:test, user:ana"
    })
    void shouldRefuseWhenSomebodyActsForWhomTheyMayNot(String principal, String actor) {
        Response response = log(principal, actor, "call-" + UUID.randomUUID(), null);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.jsonPath().getString("detail")).contains(principal + " may not act on behalf of " + actor);
        assertThat(graph.ofType("event")).isEmpty();
    }

    private static Response log(
            String principal, String actor, String callId, @org.jspecify.annotations.Nullable String reason) {
        return given().contentType(ContentType.JSON)
                .header(
                        "Authorization",
                        "Bearer " + TestTokens.onBehalfOf(principal, actor, Service.TOOL_REGISTRY, "main"))
                .header("X-HQ-Reason", reason == null ? "" : HeaderText.encode(reason))
                .body(Map.of("call_id", callId, "arguments", Map.of("kind", "action", "title", "Called the bakery")))
                .post("/v1/tools/hq_event_log/calls");
    }
}
