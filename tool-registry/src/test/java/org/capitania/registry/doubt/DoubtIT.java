package org.capitania.registry.doubt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody can tell waits for a person, who sees it and says how it ended; once. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class DoubtIT extends AmongPeers {
    @Inject
    Sql sql;

    @BeforeEach
    void curate() {
        Fleet.curate("operator", "hq_event_log", "hq_entity");
    }

    @Test
    void shouldEndACallAsAPersonSaysItEnded() {
        // Given
        String call = inDoubt();
        Fleet.as("user:owner").get("/v1/doubts").then().statusCode(200).body("items.id", hasItem(call));
        // When: nobody else says so
        for (String nobody : new String[] {"agent:operator", "client:test", "system:supervisor"}) {
            assertThat(settle(nobody, call, true).statusCode()).as(nobody).isEqualTo(403);
        }
        settle("user:ana", call, true).then().statusCode(200).body("items.id", not(hasItem(call)));
        // Then
        assertThat(Fleet.action(call).path("status").asText()).isEqualTo("done");
        assertThat(Fleet.action(call).at("/output/settled_by").asText()).isEqualTo("user:ana");
        await().until(() -> count("agent_actions", "call_id = $1 AND status = 'done'", call) == 1);
        settle("user:owner", call, false).then().statusCode(404);
        assertThat(Fleet.action(call).path("status").asText()).isEqualTo("done");
    }

    @Test
    void shouldFailACallThatDidNotHappen() {
        String call = inDoubt();
        settle("user:owner", call, false).then().statusCode(200);
        assertThat(Fleet.action(call).path("status").asText()).isEqualTo("failed");
        assertThat(Fleet.action(call).at("/output/message").asText()).contains("user:owner", "I looked");
    }

    @Test
    void shouldReportAProposalAsAPersonSaysItEnded() {
        for (boolean happened : new boolean[] {true, false}) {
            // Given
            NodeView entity = graph.add("entity", "entity-" + UUID.randomUUID(), Map.of("name", "Frama"));
            FrozenCall frozen = Approved.frozen(Fleet.wake("operator")
                    .call(
                            "hq_entity",
                            Map.of("action", "update", "ref", entity.id(), "props", Map.of("tax_id", "PT510"))));
            silenceOnce();
            Approved.approve(approvals, frozen);
            assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.UNKNOWN);
            String id = frozen.proposalId();
            await().until(() -> count("executions", "proposal_id = $1 AND status = 'reported'", id) == 1);
            Fleet.as("user:owner").get("/v1/doubts").then().body("items.proposal_id", hasItem(id));
            // When
            settle("user:owner", id, happened).then().statusCode(200).body("items.id", not(hasItem(id)));
            // Then
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> approvals.reports(id).size() == 2);
            assertThat(approvals.reports(id).getLast().status())
                    .isEqualTo(happened ? ProposalStatus.EXECUTED : ProposalStatus.FAILED);
            assertThat(count(
                            "effects",
                            "effect_id = $1 || '#1' AND status = '" + (happened ? "recorded" : "aborted") + "'",
                            frozen.callId()))
                    .isOne();
        }
    }

    @Test
    void shouldTellNobodyASecretThatACallAskedWith() {
        // Given
        String secret = "github_pat_" + "a1".repeat(20);
        String call = "owner-" + UUID.randomUUID();
        silenceOnce();
        // When
        assertThat(Fleet.owner("hq_event_log", call, Map.of("kind", "action", "title", "Used " + secret))
                        .status())
                .isEqualTo(CallStatus.UNKNOWN);
        // Then
        String doubts = Fleet.as("user:owner").get("/v1/doubts").asString();
        assertThat(doubts).contains(call, "[secret removed]").doesNotContain(secret);
        // And: nor one that an act of an agent asked with
        Fleet.Run run = Fleet.wake("operator");
        String look = run.nextCall();
        run.call("hq_entity", look, Map.of("action", "find", "name", secret));
        assertThat(Fleet.action(look).at("/input/name").asText()).isEqualTo("[secret removed]");
        settle("user:owner", call, false).then().statusCode(200);
    }

    @Test
    void shouldRefuseWhatIsNotInDoubt() {
        settle("user:owner", "nothing", true).then().statusCode(404).body("code", equalTo("not_found"));
        Fleet.as("user:owner")
                .body("{\"id\":\"nothing\"}")
                .post("/v1/doubts")
                .then()
                .statusCode(400);
    }

    /** A change that was heard without an answer, and refused when it was asked for again. */
    private String inDoubt() {
        silenceOnce();
        Fleet.Run run = Fleet.wake("operator");
        String call = run.nextCall();
        assertThat(run.call("hq_event_log", call, Map.of("kind", "action", "title", "Did it"))
                        .status())
                .isEqualTo(CallStatus.UNKNOWN);
        return call;
    }

    private void silenceOnce() {
        int before = peers.requests("POST", "/v1/mutations").size();
        peers.on("POST", "/v1/mutations", r -> {
            if (peers.requests("POST", "/v1/mutations").size() == before + 1) {
                return FakePeers.SILENCE;
            }
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "it is at version 9");
        });
    }

    private static Response settle(String principal, String id, boolean happened) {
        return Fleet.as(principal)
                .body(Json.write(Map.of("id", id, "happened", happened, "note", "I looked")))
                .post("/v1/doubts");
    }

    private long count(String table, String where, String of) {
        return sql.tx(
                Scope.of("main", "system:tool-registry", "test"),
                tx -> tx.one("SELECT count(*) AS n FROM " + table + " WHERE " + where, of)
                        .orElseThrow()
                        .getLong("n"));
    }
}
