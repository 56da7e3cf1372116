package org.capitania.approval.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.approval.proposal.ProposalCalls.approve;
import static org.capitania.approval.proposal.ProposalCalls.as;
import static org.capitania.approval.proposal.ProposalCalls.claim;
import static org.capitania.approval.proposal.ProposalCalls.post;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was approved and rests on facts that have changed comes back with the difference, and is done only as people were shown it. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class StaleIT {
    @Inject
    Arrivals arrivals;

    private FakePeers peers;
    private FakeRegistry registry;
    private FrozenCall frozen;
    private UUID id;

    @BeforeEach
    void comeBackStale() {
        peers = FakePeers.listen();
        registry = new FakeRegistry(peers);
        frozen = registry.freeze(Frozen.reply(UUID.randomUUID()));
        id = arrivals.arrive(frozen);
        approve("user:owner", id, frozen.digest());
        claim(id, "k1");
        Map<String, Object> fact = Map.of(
                "node_id",
                Frozen.CONVERSATION,
                "type",
                "conversation",
                "title",
                "Opening\u202E hours",
                "changes",
                List.of(Map.of("path", "message_count", "before", 1, "after", 2)));
        post(
                        "system:tool-registry",
                        id,
                        "report",
                        Map.of(
                                "claim_key",
                                "k1",
                                "status",
                                "stale",
                                "reason",
                                "what it rests on has changed",
                                "result",
                                Map.of("differences", List.of(fact))))
                .then()
                .statusCode(200);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldSayWhatHasChanged() {
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("status", equalTo("stale"))
                .body("result.differences[0].changes[0].after", equalTo(2));
        String page = as("user:owner")
                .get("/proposals/{id}?format=md", id)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page).contains("Opening[U+202E] hours (conversation): message_count was 1, is 2");
    }

    @Test
    void shouldBeDoneWhenItStillLooksTheSame() {
        approve("user:owner", id, frozen.digest())
                .then()
                .statusCode(200)
                .body("status", equalTo("approved"))
                .body("revision", equalTo(2))
                .body("result", nullValue());
    }

    @Test
    void shouldWaitForAnotherLookWhenItLooksOtherwise() {
        // Given: the same arguments are another act by now
        FrozenCall.Rendering old = frozen.rendering();
        registry.renders(
                id.toString(),
                new FrozenCall.Rendering(
                        old.summary(),
                        List.of("Ana", "Everybody"),
                        old.subject(),
                        old.body(),
                        old.markdown(),
                        List.of()));
        // When
        approve("user:owner", id, frozen.digest()).then().statusCode(409).body("code", equalTo("proposal_changed"));
        // Then: it waits as it would be done, and who still has the old page before them approves nothing
        as("user:owner")
                .get("/v1/proposals/{id}", id)
                .then()
                .body("status", equalTo("pending"))
                .body("revision", equalTo(2))
                .body("rendering.recipients[1]", equalTo("Everybody"));
        assertThat(arrivals.events("owner.decided", id)).isEqualTo(1);
        yes(1).then().statusCode(409).body("code", equalTo("proposal_changed"));
        yes(2).then().statusCode(200).body("status", equalTo("approved"));
        claim(id, "k2").then().statusCode(200).body("revision", equalTo(2));
    }

    @Test
    void shouldShowWhoTriedToCarryItOutAgain() {
        approve("user:owner", id, frozen.digest());
        claim(id, "k2").then().statusCode(200);
        assertThat(arrivals.refusals(id)).isZero();
        claim(id, "k3").then().statusCode(409).body("code", equalTo("already_claimed"));
        assertThat(arrivals.refusals(id)).isOne();
        assertThat(as("user:owner").get("/proposals/{id}", id).asString())
                .contains("system:tool-registry tried to carry out this and was refused");
    }

    private io.restassured.response.Response yes(int revision) {
        return post("user:owner", id, "approve", Map.of("digest", frozen.digest(), "revision", revision));
    }
}
