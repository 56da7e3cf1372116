package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.api.ToolResult;
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

/** A change was asked for, nobody answered, and its key cannot be asked: it is in doubt, whatever a later try says. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class UnansweredIT extends AmongPeers {
    private static final Map<String, String> NOTE = Map.of("kind", "action", "title", "Did it");

    @Inject
    CallRecovery recovery;

    @Inject
    Sql sql;

    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void curate() {
        Fleet.curate("operator", "hq_event_log", "hq_entity");
    }

    @Test
    void shouldBeInDoubtWhenTheTryBehindItIsRefused() {
        refuseAfter(1);
        ToolResult result = Fleet.wake("operator").call("hq_event_log", NOTE);
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.UNKNOWN);
        assertThat(Fleet.refusal(result)).isEqualTo("effect_in_doubt");
        assertThat(asked).hasValue(2);
        // And: what was answered, or never reached anybody, is known
        refuseAfter(0);
        assertThat(Fleet.wake("operator").call("hq_event_log", NOTE).status()).isEqualTo(CallStatus.FAILED);
        peers.close();
        assertThat(Fleet.wake("operator").call("hq_event_log", NOTE).status()).isEqualTo(CallStatus.FAILED);
    }

    @Test
    void shouldBeInDoubtWhenNobodyEverAnswers() {
        refuseAfter(Integer.MAX_VALUE);
        assertThat(Fleet.wake("operator").call("hq_event_log", NOTE).status()).isEqualTo(CallStatus.UNKNOWN);
    }

    @Test
    void shouldBeInDoubtAfterAKillWhenItIsRefusedThen() {
        // Given: whoever asked is dead, and has perhaps been heard
        String id = "owner-" + UUID.randomUUID();
        refuseAfter(0);
        sql.run(Scope.of("main", "user:owner", "test"), tx -> tx.execute("""
                        INSERT INTO calls (call_id, actor, task_id, tool, action, idempotency, input, input_digest, status, lease_owner, lease_expires_at)
                        VALUES ($1, 'user:owner', $1, 'hq_event_log', 'hq_event_log', 'idempotent',
                                '{"kind": "action", "title": "Did it"}', 'digest', 'intent', 'dead', clock_timestamp())
                        """, id));
        // When
        recovery.sweep("main");
        // Then
        await().until(() -> !status(id).equals("intent"));
        assertThat(status(id)).isEqualTo("unknown");
    }

    @Test
    void shouldBeInDoubtWhenItWasApproved() {
        // Given
        NodeView entity = graph.add("entity", "entity-" + UUID.randomUUID(), Map.of("name", "Frama"));
        FrozenCall frozen = Approved.frozen(Fleet.wake("operator")
                .call("hq_entity", Map.of("action", "update", "ref", entity.id(), "props", Map.of("tax_id", "PT510"))));
        refuseAfter(1);
        // When
        Approved.approve(approvals, frozen);
        // Then
        ReportRequest report = Approved.reported(approvals, frozen);
        assertThat(report.status()).isEqualTo(ProposalStatus.UNKNOWN);
        assertThat(report.reason()).contains("may have done it");
        assertThat(asked).hasValue(2);
    }

    /** The graph hears so many changes without an answer, and refuses all others. */
    private void refuseAfter(int silent) {
        asked.set(0);
        peers.on("POST", "/v1/mutations", r -> {
            if (asked.getAndIncrement() < silent) {
                return FakePeers.SILENCE;
            }
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "it is at version 9");
        });
    }

    private static String status(String id) {
        return Fleet.action(id).path("status").asText();
    }
}
