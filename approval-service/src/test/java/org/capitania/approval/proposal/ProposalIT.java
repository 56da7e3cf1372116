package org.capitania.approval.proposal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.approval.proposal.ProposalCalls.approve;
import static org.capitania.approval.proposal.ProposalCalls.as;
import static org.capitania.approval.proposal.ProposalCalls.atOnce;
import static org.capitania.approval.proposal.ProposalCalls.claim;
import static org.capitania.approval.proposal.ProposalCalls.edit;
import static org.capitania.approval.proposal.ProposalCalls.post;
import static org.capitania.approval.proposal.ProposalCalls.reject;
import static org.capitania.approval.proposal.ProposalCalls.report;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** Proposals from the doorbell to the report, over HTTP, on a real store and a real broker. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ProposalIT extends AmongProposals {
    @Test
    void shouldWaitForThePersonWhenACallIsFrozen() {
        // When
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        // Then
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .statusCode(200)
                .body("status", equalTo("pending"))
                .body("digest", equalTo(frozen.digest()))
                .body("rendering.recipients", contains("ana.silva@moinho.example"))
                .body("arguments.subject", equalTo("Re: Opening hours over the holidays"))
                .body("history.status", contains("pending"))
                .body("decisions", empty());
        as("user:owner").get("/v1/proposals?status=pending").then().body("items.id", hasItem(id.toString()));
        assertThat(arrivals.events("proposal.pending", id)).isEqualTo(1);
    }

    @Test
    void shouldBelieveToolRegistryWhenTheRecordSaysSomethingElse() {
        // Given
        UUID id = UUID.randomUUID();
        registry.freeze(Frozen.reply(id));
        FrozenCall forged = Frozen.of(
                id, 1, Frozen.arguments("Send money", "now"), Frozen.reply(id).createdAt());
        // When
        arrivals.arrive(forged);
        // Then
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("arguments.subject", equalTo("Re: Opening hours over the holidays"));
    }

    @Test
    void shouldQueueNothingWhenToolRegistryKnowsNoSuchCall() {
        // Given
        FrozenCall forged = Frozen.reply(UUID.randomUUID());
        UUID id = UUID.fromString(forged.proposalId());
        // When
        arrivals.announce("main", forged);
        // Then
        await().until(() -> arrivals.events("dead-letter", id) == 1);
        as("user:owner").get("/v1/proposals/{id}", id).then().statusCode(404);
    }

    @Test
    void shouldLetOnePersonDecideWhenManyApproveAndRejectAtOnce() throws Exception {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        // When
        List<Response> answers = atOnce(
                () -> approve("user:owner", id, frozen.digest()),
                () -> approve("user:ana", id, frozen.digest()),
                () -> reject("user:owner", id),
                () -> approve("user:owner", id, frozen.digest()),
                () -> reject("user:ana", id));
        // Then
        assertThat(answers).filteredOn(a -> a.statusCode() == 200).hasSize(1);
        assertThat(answers).filteredOn(a -> a.statusCode() != 200).allSatisfy(a -> {
            assertThat(a.statusCode()).isEqualTo(409);
            assertThat(a.path("code").toString()).isEqualTo("already_decided");
        });
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("decisions.size()", equalTo(1))
                .body("history.size()", equalTo(2));
        assertThat(arrivals.events("owner.decided", id)).isEqualTo(1);
        assertThat(arrivals.events("proposal.approved", id) + arrivals.events("proposal.rejected", id))
                .isEqualTo(1);
    }

    @Test
    void shouldNeverApproveWhatWasNotSeenWhenEditAndApproveRace() throws Exception {
        for (int round = 0; round < 5; round++) {
            // Given
            FrozenCall frozen = frozen();
            UUID id = arrivals.arrive(frozen);
            // When
            List<Response> answers = atOnce(
                    () -> edit(id, "Re: Hours", frozen.digest()), () -> approve("user:ana", id, frozen.digest()));
            // Then
            Response seen = as("user:owner").get("/v1/proposals/{id}", id);
            assertThat(answers).filteredOn(a -> a.statusCode() == 200).hasSize(1);
            if (answers.get(1).statusCode() == 200) {
                assertThat(seen.path("digest").toString()).isEqualTo(frozen.digest());
                assertThat(seen.path("status").toString()).isEqualTo("approved");
                assertThat(answers.get(0).path("code").toString()).isEqualTo("already_decided");
            } else {
                assertThat(seen.path("status").toString()).isEqualTo("pending");
                assertThat((int) seen.path("revision")).isEqualTo(2);
                assertThat(answers.get(1).path("code").toString()).isEqualTo("proposal_changed");
            }
        }
    }

    @Test
    void shouldRefuseAndRecordWhenNoPersonDecides() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        for (String principal : List.of("system:tool-registry", "system:supervisor", "client:test")) {
            // When
            approve(principal, id, frozen.digest()).then().statusCode(403).body("code", equalTo("denied"));
            reject(principal, id).then().statusCode(403);
        }
        given().auth()
                .oauth2(TestTokens.onBehalfOf("system:tool-registry", "user:owner", Service.APPROVAL_SERVICE, "main"))
                .contentType(ContentType.JSON)
                .body(Map.of())
                .post("/v1/proposals/{id}/approve", id)
                .then()
                .statusCode(403);
        // Then
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("status", equalTo("pending"))
                .body("decisions", empty());
        assertThat(arrivals.refusals(id)).isEqualTo(7);
    }

    @Test
    void shouldRefuseAndRecordBothNamesWhenTheOwnerDecidesForAnotherPerson() {
        // Given: hq --actor user:ana, which works for everything but a decision
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        String forAna = TestTokens.onBehalfOf("user:owner", "user:ana", Service.APPROVAL_SERVICE, "main");
        Map<String, Map<String, Object>> attempts = Map.of(
                "approve", Map.of(),
                "reject", Map.of("reason", "no"),
                "edit", Map.of("arguments", frozen.arguments(), "digest", frozen.digest()));
        attempts.forEach((attempt, body) -> given().auth()
                .oauth2(forAna)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/proposals/{id}/" + attempt, id)
                .then()
                .statusCode(403)
                .body("code", equalTo("denied"))
                .body("hint", containsString("--actor user:ana")));
        // Then
        as("user:owner").get("/v1/proposals/{id}", id).then().body("status", equalTo("pending"));
        assertThat(arrivals.refusals(id)).isEqualTo(3);
    }

    @Test
    void shouldKeepBeforeAndAfterWhenAPersonEdits() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        // When
        Response edited = edit(id, "Re: Hours", frozen.digest());
        // Then
        edited.then()
                .statusCode(200)
                .body("revision", equalTo(2))
                .body("status", equalTo("pending"))
                .body("decisions[0].decision", equalTo("edit"))
                .body("decisions[0].before.subject", equalTo("Re: Opening hours over the holidays"))
                .body("decisions[0].after.subject", equalTo("Re: Hours"));
        assertThat(peers.requests("POST", "/v1/frozen-calls/.*/revisions")
                        .getLast()
                        .onBehalfOf())
                .isEqualTo("user:owner");
        assertThat(arrivals.eventsOf(id)).contains("owner.edited", "proposal.edited");
        approve("user:owner", id, frozen.digest()).then().statusCode(409).body("code", equalTo("proposal_changed"));
        approve("user:owner", id, edited.path("digest")).then().statusCode(200).body("status", equalTo("approved"));
    }

    @Test
    void shouldShowThePathWhenAnEditIsRefused() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        var arguments = Frozen.arguments("Re: Hours", "Hello");
        arguments.putArray("to").add("mallory@elsewhere.example");
        // When
        Response answer = post("user:owner", id, "edit", Map.of("arguments", Json.convert(arguments, Map.class)));
        // Then
        answer.then()
                .statusCode(403)
                .body("code", equalTo("recipient_not_allowed"))
                .body("errors[0].path", equalTo("/to/0"));
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("revision", equalTo(1))
                .body("decisions", empty());
    }

    @Test
    void shouldGiveTheSameClaimWhenTheSameKeyAsksAgain() throws Exception {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        claim(id, "k1").then().statusCode(409).body("code", equalTo("not_approved"));
        approve("user:owner", id, frozen.digest()).then().statusCode(200);
        // When
        List<Response> answers =
                atOnce(() -> claim(id, "k1"), () -> claim(id, "k1"), () -> claim(id, "k2"), () -> claim(id, "k3"));
        // Then
        List<String> winners = answers.stream()
                .filter(a -> a.statusCode() == 200)
                .map(a -> a.asString())
                .distinct()
                .toList();
        assertThat(winners).hasSize(1);
        assertThat(answers)
                .filteredOn(a -> a.statusCode() != 200)
                .allSatisfy(a -> assertThat(a.path("code").toString()).isEqualTo("already_claimed"));
        assertThat(arrivals.events("proposal.executing", id)).isEqualTo(1);
        as("user:owner")
                .contentType(ContentType.JSON)
                .body(Map.of("claim_key", "k1"))
                .post("/v1/proposals/{id}/claim", id)
                .then()
                .statusCode(403);
    }

    @Test
    void shouldEndOnceWhenTheGatewayReportsTwice() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        approve("user:owner", id, frozen.digest());
        claim(id, "k1")
                .then()
                .statusCode(200)
                .body("digest", equalTo(frozen.digest()))
                .body("decided_by", equalTo("user:owner"));
        // When
        report(id, "k1", "executed")
                .then()
                .statusCode(200)
                .body("status", equalTo("executed"))
                .body("result.message_id", notNullValue());
        report(id, "k1", "executed").then().statusCode(200);
        // Then
        report(id, "k1", "failed").then().statusCode(409);
        claim(id, "k1").then().statusCode(200);
        assertThat(arrivals.eventsOf(id))
                .containsExactly(
                        "proposal.frozen",
                        "proposal.pending",
                        "owner.decided",
                        "proposal.approved",
                        "proposal.executing",
                        "proposal.executed");
    }

    @Test
    void shouldCheckAgainWhenAStaleProposalIsApproved() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        approve("user:owner", id, frozen.digest());
        claim(id, "k1");
        report(id, "k1", "stale").then().body("status", equalTo("stale")).body("reason", equalTo("because"));
        claim(id, "k1").then().statusCode(409);
        // When
        Response approved = approve("user:owner", id, frozen.digest());
        // Then
        approved.then().statusCode(200).body("status", equalTo("approved")).body("revision", equalTo(2));
        assertThat(peers.requests("POST", "/v1/frozen-calls/" + id + "/revisions"))
                .hasSize(1);
        claim(id, "k2").then().statusCode(200).body("revision", equalTo(2));
    }

    @Test
    void shouldDecideOnceWhenTheSameDecisionIsSentAgain() {
        // Given
        FrozenCall frozen = frozen();
        UUID id = arrivals.arrive(frozen);
        // When
        for (int i = 0; i < 2; i++) {
            as("user:owner")
                    .header("Idempotency-Key", "once")
                    .contentType(ContentType.JSON)
                    .body(Map.of())
                    .post("/v1/proposals/{id}/approve", id)
                    .then()
                    .statusCode(200)
                    .body("decisions.size()", equalTo(1));
        }
        // Then
        assertThat(arrivals.events("owner.decided", id)).isEqualTo(1);
    }

    @Test
    void shouldShowNothingOfOneTenantWhenAnotherAsks() {
        // Given
        UUID id = arrivals.arrive(frozen());
        UUID theirs = arrivals.arrive("other", frozen());
        String elsewhere = TestTokens.bearer("user:elsewhere", Service.APPROVAL_SERVICE, "other");
        // Then
        given().auth().oauth2(elsewhere).get("/v1/proposals/{id}", id).then().statusCode(404);
        given().auth()
                .oauth2(elsewhere)
                .get("/v1/proposals")
                .then()
                .body("items.id", allOf(hasItem(theirs.toString()), not(hasItem(id.toString()))));
        given().auth()
                .oauth2(elsewhere)
                .contentType(ContentType.JSON)
                .body(Map.of())
                .post("/v1/proposals/{id}/approve", id)
                .then()
                .statusCode(404);
        as("user:owner").get("/v1/proposals/{id}", theirs).then().statusCode(404);
    }

    @Test
    void shouldSayWhatIsWrongWhenTheRequestIs() {
        UUID id = arrivals.arrive(frozen());
        post("user:owner", id, "reject", Map.of("reason", " "))
                .then()
                .statusCode(400)
                .body("code", equalTo("bad_request"));
        as("user:owner").get("/v1/proposals?status=lost").then().statusCode(400);
        as("user:owner").get("/v1/proposals/not-an-id").then().statusCode(404);
        given().get("/v1/proposals").then().statusCode(401);
    }
}
