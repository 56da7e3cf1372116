package org.capitania.registry.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Rollback;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent wrote at once is taken back once, by whom it may be, unless something newer rests on it. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class RollbackIT {
    private final List<HistoryEntry> history = new ArrayList<>();
    private final AtomicBoolean answerIsLost = new AtomicBoolean();
    private FakePeers peers;
    private FakeGraph graph;
    private NodeView entity;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        entity = graph.add("entity", "entity-" + UUID.randomUUID(), Map.of("name", "Frama", "city", "Porto"));
        peers.on(
                "GET",
                "/v1/nodes/([^/]+)/history",
                r -> new HistoryEntry.Page(
                        new NodeView.Brief(entity.id(), entity.slug(), "entity", "Frama"),
                        List.copyOf(history),
                        null,
                        null));
        peers.on("POST", "/v1/rollbacks", r -> {
            String undo = UUID.randomUUID().toString();
            changed(
                    "agent:operator",
                    "rollback of " + r.body().path("mutation_id").asText() + ": test",
                    undo);
            if (answerIsLost.getAndSet(false)) {
                throw new CapitaniaException(ErrorCode.PEER_TIMEOUT, "the answer got lost");
            }
            return new Rollback.Result(1, 0, undo);
        });
        Fleet.curate("operator", "hq_entity", "hq_proposal");
        Fleet.curate("chief", "hq_proposal");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldTakeAWriteBackOnce() {
        // Given
        Fleet.Run operator = Fleet.wake("operator");
        String write = write(operator);
        // When
        ToolResult undone = rollback(operator, write);
        // Then
        assertThat(undone.status()).as("%s", undone).isEqualTo(CallStatus.DONE);
        assertThat(undone.data().path("rolled_back").asText()).isEqualTo(write);
        assertThat(undone.data().path("rollback_id").asText())
                .isEqualTo(history.getFirst().mutationId());
        assertThat(peers.requests("POST", "/v1/rollbacks")).hasSize(1).allSatisfy(r -> {
            assertThat(r.onBehalfOf()).isEqualTo("agent:operator");
            assertThat(r.body().path("mutation_id").asText()).isEqualTo(write);
        });
        // And: once is enough
        assertThat(rollback(operator, write).status()).isNotEqualTo(CallStatus.DONE);
        assertThat(peers.requests("POST", "/v1/rollbacks")).hasSize(1);
    }

    @Test
    void shouldTakeItBackOnceAlsoWhenTheAnswerGetsLost() {
        Fleet.Run operator = Fleet.wake("operator");
        String write = write(operator);
        answerIsLost.set(true);
        ToolResult undone = rollback(operator, write);
        assertThat(undone.status()).as("%s", undone).isEqualTo(CallStatus.DONE);
        assertThat(peers.requests("POST", "/v1/rollbacks")).hasSize(1);
    }

    @Test
    void shouldSayWhatRestsOnItWhenSomethingIsNewer() {
        Fleet.Run operator = Fleet.wake("operator");
        String write = write(operator);
        changed("user:ana", "a phone call", "mutation-of-ana");
        ToolResult refused = rollback(operator, write);
        assertThat(refused.error().code()).as("%s", refused).isEqualTo("version_conflict");
        assertThat(refused.error().message()).contains("user:ana", "mutation-of-ana");
        assertThat(peers.requests("POST", "/v1/rollbacks")).isEmpty();
    }

    @Test
    void shouldLeaveToPeopleWhatPeopleWrote() {
        Fleet.Run operator = Fleet.wake("operator");
        ToolResult owners = Fleet.owner("hq_entity", "owner-" + UUID.randomUUID(), update());
        changed("user:owner", "test", owners.auditEventId());
        ToolResult refused = rollback(operator, owners.auditEventId());
        assertThat(refused.status()).isEqualTo(CallStatus.REFUSED);
        assertThat(refused.error().hint()).contains("owner");
        assertThat(rollback(operator, "no-such-write").status()).isEqualTo(CallStatus.REFUSED);
        assertThat(rollback(Fleet.wake("chief"), owners.auditEventId()).error().code())
                .isEqualTo("not_granted");
        assertThat(peers.requests("POST", "/v1/rollbacks")).isEmpty();
        // When
        ToolResult undone = Fleet.owner(
                "hq_proposal",
                "owner-" + UUID.randomUUID(),
                Map.of("action", "rollback", "audit_event_id", owners.auditEventId()));
        // Then
        assertThat(undone.status()).as("%s", undone).isEqualTo(CallStatus.DONE);
        assertThat(peers.requests("POST", "/v1/rollbacks")).hasSize(1);
    }

    private String write(Fleet.Run run) {
        ToolResult written = run.call("hq_entity", update());
        assertThat(written.status()).as("%s", written).isEqualTo(CallStatus.DONE);
        changed("agent:operator", "test", written.auditEventId());
        return written.auditEventId();
    }

    private Map<String, Object> update() {
        return Map.of("action", "update", "ref", entity.id(), "props", Map.of("city", "Braga"));
    }

    private static ToolResult rollback(Fleet.Run run, String write) {
        return run.call("hq_proposal", Map.of("action", "rollback", "audit_event_id", write));
    }

    private void changed(String actor, String reason, String mutation) {
        history.addFirst(new HistoryEntry(
                history.size() + 1,
                "update",
                actor,
                reason,
                "root",
                mutation,
                Instant.parse("2026-11-21T10:00:00Z"),
                List.of()));
    }
}
