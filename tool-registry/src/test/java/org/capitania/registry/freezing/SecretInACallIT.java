package org.capitania.registry.freezing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** A call with a secret waits without showing it: it is said to be there, edited around, and carried out exactly (invariant 28). */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class SecretInACallIT extends AmongPeers {
    private static final String SECRET = "github_pat_" + "z9".repeat(20);
    private static final String MARK = "[secret removed]";

    @Test
    void shouldTellEverybodyThatThereIsOneAndOnlyTheOwnerWhich() {
        // Given
        try (EventTail events = EventTail.fromNow("hq.proposal", "hq.ledger.actions")) {
            // When
            ToolResult asked = ask("Keep " + SECRET + " safe");
            // Then
            Event told = events.await(FrozenCall.TYPE, e -> e.key().equals(asked.proposalId()));
            assertThat(told.data().toString()).contains(MARK).doesNotContain(SECRET);
            FrozenCall frozen = told.as(FrozenCall.class);
            assertThat(frozen.rendering().warnings())
                    .anySatisfy(
                            warning -> assertThat(warning).contains("a token of GitHub (51 characters)", "--secrets"));
            assertThat(frozen.digest())
                    .isEqualTo(
                            Canonical.digest("hq_event_log", Canonical.bytes(arguments("Keep " + SECRET + " safe"))));
            assertThat(Approved.frozen(asked)).isEqualTo(frozen);
            // And: which one it is
            assertThat(exactly("user:owner", asked).statusCode()).isEqualTo(200);
            assertThat(Json.read(exactly("user:owner", asked).asString(), FrozenCall.class)
                            .arguments())
                    .isEqualTo(arguments("Keep " + SECRET + " safe"));
            for (String other : new String[] {"user:ana", "system:approval-service", "agent:operator"}) {
                assertThat(exactly(other, asked).statusCode()).as(other).isEqualTo(403);
            }
        }
    }

    @Test
    void shouldDoExactlyWhatWasAskedOnceItIsApproved() {
        // Given
        FrozenCall frozen = Approved.frozen(ask("Use " + SECRET + " on Monday"));
        // When
        Approved.approve(approvals, frozen);
        // Then
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(graph.ofType("event").toString()).contains("Use " + SECRET + " on Monday");
        assertThat(Json.write(approvals.reports(frozen.proposalId()))).doesNotContain(SECRET);
    }

    @Test
    void shouldKeepItWhenAPersonEditsWhatStandsAroundIt() {
        // Given
        ToolResult asked = ask("Use " + SECRET + " on Tuesday");
        FrozenCall first = Approved.frozen(asked);
        // When: it comes back as it was shown, as an approval of what has become stale does
        FrozenCall same = Json.read(
                Approved.edit(asked.proposalId(), first.arguments().deepCopy()).asString(), FrozenCall.class);
        // Then
        assertThat(same).isEqualTo(first);
        // When
        ObjectNode edited = first.arguments().deepCopy();
        edited.put("body", "Use " + MARK + " on Friday");
        FrozenCall second = Json.read(Approved.edit(asked.proposalId(), edited).asString(), FrozenCall.class);
        // Then
        assertThat(second.revision()).isEqualTo(2);
        assertThat(second.arguments()).isEqualTo(edited);
        assertThat(Json.read(exactly("user:owner", asked).asString(), FrozenCall.class)
                        .arguments())
                .isEqualTo(arguments("Use " + SECRET + " on Friday"));
        // And: a mark too many is nobody's secret
        edited.put("body", MARK + " and " + MARK);
        assertThat(Approved.edit(asked.proposalId(), edited).statusCode()).isEqualTo(422);
    }

    private static ToolResult ask(String body) {
        Fleet.curate("operator", "hq_event_log");
        ToolResult asked = Fleet.wake("operator").call("hq_event_log", arguments(body));
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.PROPOSED);
        return asked;
    }

    private static ObjectNode arguments(String body) {
        return (ObjectNode) Json.tree(Map.of("kind", "action", "title", "A key", "body", body));
    }

    private static Response exactly(String principal, ToolResult asked) {
        return Fleet.as(principal).queryParam("secrets", "true").get("/v1/frozen-calls/{id}", asked.proposalId());
    }
}
