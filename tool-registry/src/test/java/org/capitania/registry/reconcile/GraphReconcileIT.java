package org.capitania.registry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.event.FrozenCall;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class GraphReconcileIT extends ReconcileSetting {

    @ParameterizedTest
    @EnumSource(
            value = ProposalStatus.class,
            names = {"REJECTED", "EXPIRED"})
    void shouldProposeAPairOnceUntilItHasEndedWithoutADecision(ProposalStatus end) {
        // Given
        Fleet.Run run = Fleet.wake("operator");
        String callId = run.nextCall();
        JsonNode first = done(run.call("graph_reconcile", callId, Map.of())).path("duplicates");
        assertThat(first).hasSize(1);
        assertThat(first.path(0).path("state").asText()).as("%s", first).isEqualTo("proposed");
        String proposal = first.path(0).path("proposal_id").asText();
        FrozenCall frozen = frozen(proposal);
        assertThat(frozen.agent()).isEqualTo("agent:operator");
        assertThat(frozen.taskId()).isEqualTo(run.taskId());
        assertThat(frozen.rendering().summary()).isEqualTo("Merge Frama, Lda into Frama");
        assertThat(frozen.rendering().body())
                .contains("88 of 100: the same mail domain frama.com; the same name frama");
        assertThat(frozen.callId()).startsWith(callId + "/merge-");
        assertThat(Fleet.action(frozen.callId()).path("status").asText()).isEqualTo("proposed");
        // Then: neither while it waits, also when one of the two has changed, nor the other way round
        assertThat(done(run.call("graph_reconcile", callId, Map.of())).path("duplicates"))
                .isEqualTo(first);
        graph.touch(goes.id(), Map.of("city", "Porto"));
        pairs = List.of(pair(stays, goes, 0.88));
        JsonNode again = duplicate(Fleet.wake("operator"));
        assertThat(again.path("state").asText()).isEqualTo("waiting");
        assertThat(again.path("proposal_id").asText()).isEqualTo(proposal);
        // When
        approvals.end(frozen, end);
        Events.publish("proposal." + end.wire(), proposal, ended(frozen, end));
        // Then
        boolean declined = end == ProposalStatus.REJECTED;
        await().atMost(Duration.ofSeconds(20))
                .until(() -> duplicate(Fleet.wake("operator"))
                        .path("state")
                        .asText()
                        .equals(declined ? "declined" : "proposed"));
        JsonNode last = duplicate(Fleet.wake("operator"));
        assertThat(last.path("state").asText())
                .as("what was declined takes no room any more")
                .isEqualTo(declined ? "" : "waiting");
        assertThat(last.path("proposal_id").asText()).isNotEqualTo(proposal);
        // And nothing is ever merged by it
        assertThat(peers.requests("POST", "/v1/mutations"))
                .noneMatch(r -> r.body().toString().contains("\"merge\""));
    }

    @Test
    void shouldProposeOnlyWhatIsSureAndNoMoreThanAsked() {
        NodeView third = graph.add("entity", "entity-frame-" + tag, Map.of("name", "Frame"));
        pairs = List.of(pair(goes, stays, 0.88), pair(third, stays, 0.79), pair(third, goes, 0.39));
        JsonNode none = reconcile(Map.of("limit", 0)).path("duplicates");
        assertThat(none).extracting(d -> d.path("state").asText()).containsExactly("left", "judge");
        JsonNode named = reconcile(Map.of("refs", List.of(third.slug()))).path("duplicates");
        assertThat(named).extracting(d -> d.path("ref").asText()).containsExactly(third.slug());
        // And: whoever may not merge proposes none by this way either
        Fleet.curate("operator", "graph_reconcile");
        JsonNode refused = duplicate(Fleet.wake("operator"));
        assertThat(refused.path("state").asText()).isEqualTo("refused");
        assertThat(refused.path("problem").asText()).contains("not granted");
    }

    @Test
    void shouldGiveWhatNoRuleSettlesToAModelAndDoNoMoreThanProposeWhatItIsSureOf() {
        NodeView third = graph.add("entity", "entity-frame-" + tag, Map.of("name", "Frame"));
        Pair one = pair(goes, stays, 0.7);
        Pair two = pair(third, stays, 0.6);
        pairs = List.of(one, two);
        JsonNode first = reconcile(Map.of()).path("duplicates").path(0);
        assertThat(first.path("state").asText()).isEqualTo("judge");
        assertThat(first.at("/records/0/city").asText()).isEqualTo("Porto");
        assertThat(first.at("/records/1/name").asText()).isEqualTo("Frama");
        // When
        assertThat(judge(one, "same", 0.95)).containsExactly("proposed");
        assertThat(judge(two, "different", 0.95)).isEmpty();
        // Then
        JsonNode later = reconcile(Map.of()).path("duplicates");
        assertThat(later).extracting(d -> d.path("state").asText()).containsExactly("waiting");
        assertThat(frozen(later.path(0).path("proposal_id").asText())
                        .rendering()
                        .body())
                .contains(
                        "A model that compared them says that they are the same, 95 of 100: They have one address. Found");
        // And: it is judged anew when something else speaks for it
        pairs = List.of(pair(third, stays, 0.65));
        assertThat(states()).containsExactly("judge");
        // And: what is no pair is none by a model's word, and nothing is ever merged by it
        assertThat(judge(pair(third, goes, 0.6), "same", 1)).containsExactly("refused");
        assertThat(peers.requests("POST", "/v1/mutations"))
                .noneMatch(r -> r.body().toString().contains("\"merge\""));
    }

    @Test
    void shouldMoveEdgesAfterAMergeAndAskAboutTheOthers() {
        // Given
        pairs = List.of();
        NodeView rita = graph.add("contact", "contact-rita-" + tag, Map.of("name", "Rita"));
        graph.link("works_for", rita.id(), goes.id());
        faults = List.of(fault("merged", rita, goes, "to", stays), fault("two_primaries", rita, stays, null, goes));
        // When
        JsonNode edges = edges();
        // Then
        assertThat(edges).extracting(e -> e.path("mended").asBoolean()).containsExactly(true, false);
        assertThat(edges).extracting(e -> e.path("asked").asBoolean()).containsExactly(false, true);
        assertThat(graph.edges())
                .contains(new FakeGraph.Edge("works_for", rita.id(), stays.id()))
                .doesNotContain(new FakeGraph.Edge("works_for", rita.id(), goes.id()));
    }

    @Test
    void shouldProposeWhatIsSureAndTellOnlySoMuchOfWhatStandsForWeeks() {
        List<Pair> many = new ArrayList<>(Collections.nCopies(50, pair(goes, stays, 0.6)));
        many.add(pair(goes, stays, 0.88));
        pairs = many;
        faults = Collections.nCopies(50, fault("archived", goes, stays, "to", stays));
        // When
        JsonNode found = done(Fleet.wake("operator").call("graph_reconcile", Map.of()));
        // Then
        assertThat(found.path("duplicates")).hasSize(41);
        assertThat(found.at("/duplicates/40/state").asText()).isEqualTo("proposed");
        assertThat(found.path("edges")).hasSize(40);
        assertThat(found.path("left_out").asInt()).isEqualTo(20);
    }

    private static JsonNode duplicate(Fleet.Run run) {
        return done(run.call("graph_reconcile", Map.of())).path("duplicates").path(0);
    }

    private static ProposalChanged ended(FrozenCall frozen, ProposalStatus end) {
        return new ProposalChanged(
                frozen.proposalId(),
                end.wire(),
                frozen.revision(),
                frozen.digest(),
                frozen.tool(),
                frozen.agent(),
                frozen.taskId(),
                frozen.conversationId(),
                "user:owner",
                null,
                null,
                Instant.parse("2026-11-20T10:00:00Z"));
    }
}
