package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.CrashingSteps;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.effects.Steps.Step;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class MergeEntitiesIT {
    @Inject
    CrashingSteps steps;

    private FakePeers peers;
    private FakeGraph graph;
    private FakeApprovals approvals;
    private NodeView goes;
    private NodeView stays;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        Fleet.curate("operator", "hq_entity");
        Fleet.guardiansLive();
        String tag = UUID.randomUUID().toString().substring(0, 8);
        goes = graph.add(
                "entity",
                "entity-frama-lda-" + tag,
                Map.of(
                        "name",
                        "Frama, Lda",
                        "city",
                        "Porto",
                        "tax_id",
                        "PT502",
                        "domains",
                        List.of("frama.pt", "frama.com"),
                        "aliases",
                        List.of("Frama")));
        stays = graph.add(
                "entity",
                "entity-frama-" + tag,
                Map.of(
                        "name",
                        "Frama",
                        "tax_id",
                        "PT501",
                        "industry",
                        "Bakery",
                        "domains",
                        List.of("frama.com"),
                        "aliases",
                        List.of("Frama", "A Frama")));
        NodeView rita = graph.add("contact", "contact-" + tag, Map.of("name", "Rita Sousa"));
        graph.link("works_for", rita.id(), goes.id());
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldMergeInThePersonsNameWhenTheProposalIsApproved() {
        // Given
        FrozenCall frozen = frozen(ask());
        assertThat(frozen.risk()).isEqualTo("gated");
        assertThat(frozen.facts()).extracting(FrozenCall.Fact::nodeId).containsExactlyInAnyOrder(goes.id(), stays.id());
        assertThat(frozen.rendering().summary()).isEqualTo("Merge Frama, Lda into Frama");
        assertThat(frozen.rendering().body())
                .containsPattern("≠ name +Frama {20,}Frama, Lda")
                .containsPattern("\\+ city +Porto")
                .containsPattern("\\+ people +Rita Sousa")
                .containsPattern("∪ domains +frama\\.com +frama\\.pt, frama\\.com")
                .containsPattern(" {2}aliases +Frama, A Frama +Frama\n")
                .containsPattern(" {2}industry +Bakery\n");
        assertThat(frozen.rendering().warnings()).singleElement().asString().contains("tax_id", "PT501", "PT502");
        assertThat(merges()).as("nothing has been done").isZero();
        assertThat(ask().data().path("already_waiting").asBoolean()).isTrue();
        // When
        approvals.approve(frozen);
        Approved.ring(frozen);
        // Then
        ReportRequest report = reported(frozen);
        assertThat(report.status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(report.result().path("audit_event_id").asText()).isNotBlank();
        assertThat(report.result().path("into").asText()).isEqualTo(stays.id());
        assertThat(merges()).isOne();
        assertThat(peers.requests("POST", "/v1/mutations")).allSatisfy(request -> {
            assertThat(request.onBehalfOf()).isEqualTo("user:owner");
            JsonNode op = request.body().path("ops").path(0);
            assertThat(op.path("op").asText()).isEqualTo("merge");
            assertThat(op.path("proposal").asText()).isEqualTo(frozen.proposalId());
        });
    }

    @Test
    void shouldFreezeAlsoWhenAPersonAsks() {
        ToolResult result = Fleet.owner("hq_entity", "owner-" + UUID.randomUUID(), arguments());
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        assertThat(frozen(result).agent()).isEqualTo("user:owner");
        assertThat(merges()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"INTENT", "ACTED", "DONE"})
    void shouldMergeOnceWhenTheProcessDiesAfterAStep(Step step) {
        // Given
        FrozenCall frozen = frozen(ask());
        steps.crashAfter(step, frozen.callId());
        approvals.approve(frozen);
        // When
        Approved.ring(frozen);
        // Then
        assertThat(reported(frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(steps.crashed(frozen.callId())).isTrue();
        assertThat(merges()).isOne();
    }

    @Test
    void shouldReportStaleWhenOneOfTheTwoHasChanged() {
        FrozenCall frozen = frozen(ask());
        graph.touch(goes.id(), Map.of("tax_id", "PT501"));
        approvals.approve(frozen);
        Approved.ring(frozen);
        assertThat(reported(frozen).status()).isEqualTo(ProposalStatus.STALE);
        assertThat(merges()).isZero();
    }

    @Test
    void shouldRefuseWhenThereAreNotTwoEntities() {
        Fleet.Run run = Fleet.wake("operator");
        assertThat(run.call("hq_entity", Map.of("action", "merge", "ref", goes.id(), "into", goes.slug()))
                        .error()
                        .code())
                .isEqualTo("schema_violation");
        assertThat(run.call("hq_entity", Map.of("action", "merge", "ref", goes.id()))
                        .error()
                        .code())
                .isEqualTo("schema_violation");
        assertThat(run.call("hq_entity", Map.of("action", "merge", "ref", goes.id(), "into", "nobody"))
                        .error()
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void shouldFreezeAMergeOfTwoPeopleWithWhatSpeaksForIt() {
        NodeView one = graph.add("contact", "contact-one-" + UUID.randomUUID(), Map.of("name", "Rita S."));
        NodeView other = graph.add("contact", "contact-other-" + UUID.randomUUID(), Map.of("name", "Rita Sousa"));
        Fleet.Run run = Fleet.wake("operator");
        ToolResult result = run.call(
                "hq_entity",
                Map.of("action", "merge", "ref", one.id(), "into", other.id(), "why", "She says\u200b so."));
        assertThat(frozen(result).rendering().summary()).isEqualTo("Merge Rita S. into Rita Sousa");
        assertThat(frozen(result).rendering().body())
                .startsWith("Why: She says")
                .doesNotContain("\u200b");
        assertThat(frozen(result).rendering().warnings())
                .singleElement()
                .asString()
                .contains("the reason has characters that hide");
        // And
        assertThat(run.call("hq_entity", Map.of("action", "merge", "ref", one.id(), "into", stays.id()))
                        .error()
                        .code())
                .isEqualTo("schema_violation");
    }

    private Map<String, Object> arguments() {
        return Map.of("action", "merge", "ref", goes.slug(), "into", stays.slug());
    }

    private ToolResult ask() {
        ToolResult result = Fleet.wake("operator").call("hq_entity", arguments());
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        return result;
    }

    private static FrozenCall frozen(ToolResult result) {
        return Json.read(
                Fleet.as("user:owner")
                        .get("/v1/frozen-calls/{id}", result.proposalId())
                        .asString(),
                FrozenCall.class);
    }

    private long merges() {
        return graph.edges().stream()
                .filter(edge -> edge.equals(new FakeGraph.Edge("duplicate_of", goes.id(), stays.id())))
                .count();
    }

    private ReportRequest reported(FrozenCall frozen) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    Fleet.guardiansLive();
                    return !approvals.reports(frozen.proposalId()).isEmpty();
                });
        return approvals.reports(frozen.proposalId()).getFirst();
    }
}
