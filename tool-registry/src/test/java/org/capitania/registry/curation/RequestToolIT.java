package org.capitania.registry.curation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent asks for a tool: the owner's approval alone gives it, at once and within the ceiling, and takes it back. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class RequestToolIT {
    private FakePeers peers;
    private FakeApprovals approvals;
    private Fleet.Run run;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        Fleet.guardiansLive();
        Fleet.curate("chief", "hq_tools", "hq_search", "hq_engagement");
        run = Fleet.wake("chief");
    }

    @AfterEach
    void takeBack() {
        revoke("hq_memory");
        peers.close();
    }

    @Test
    void shouldFindOnlyItsOwnWhenAnAgentLooksForTools() {
        Map<String, String> query = Map.of("action", "search", "query", "engagement or memory");
        ToolResult own = run.call("hq_tools", query);
        ToolResult all = Fleet.owner("hq_tools", "owner-" + UUID.randomUUID(), query);

        assertThat(own.data().path("tools").findValuesAsText("name"))
                .contains("hq_engagement")
                .doesNotContain("hq_memory");
        assertThat(all.data().path("tools").findValuesAsText("name")).contains("hq_engagement", "hq_memory");
        // And: of each the actions that it may call; the owner may call them all
        assertThat(actions(own, "hq_engagement")).containsExactlyInAnyOrder("list", "show", "update", "stage");
        assertThat(actions(run.call("hq_tools", Map.of("action", "list")), "hq_engagement"))
                .containsExactlyInAnyOrder("list", "show", "update", "stage");
        assertThat(actions(all, "hq_engagement")).contains("close");
        assertThat(actions(run.call("hq_tools", Map.of("action", "list")), "hq_memory"))
                .as("it was not granted")
                .isEmpty();
    }

    private static List<String> actions(ToolResult listed, String tool) {
        List<String> actions = new ArrayList<>();
        listed.data().path("tools").forEach(line -> {
            if (line.path("name").asText().equals(tool)) {
                line.path("actions").forEach(action -> actions.add(action.asText()));
            }
        });
        return actions;
    }

    @Test
    void shouldHaveTheToolAtOnceWhenTheOwnerApproves() {
        // Given
        assertThat(code(memory())).isEqualTo("not_granted");
        ToolResult asked = request("hq_memory");
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.PROPOSED);
        FrozenCall frozen = Approved.frozen(asked);
        assertThat(frozen.risk()).isEqualTo("gated");
        assertThat(frozen.rendering().summary()).isEqualTo("Grant hq_memory to chief");
        assertThat(frozen.rendering().body()).contains("what the agents remember", "To know what Rita likes");
        assertThat(code(memory())).as("asking gives nothing").isEqualTo("not_granted");
        assertThat(request("hq_memory").proposalId()).as("one waits at a time").isEqualTo(asked.proposalId());
        // When
        Approved.approve(approvals, frozen);
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        // Then
        assertThat(memory().status()).isEqualTo(CallStatus.DONE);
        assertThat(exported()).contains("hq_memory");
        assertThat(code(request("hq_memory"))).isEqualTo("duplicate");
        assertThat(grants()).contains("user:owner", frozen.proposalId());
        assertThat(run.call("hq_tools", Map.of("action", "grants")).data().toString())
                .contains(frozen.proposalId());
        // And: why is nobody else's to read
        Fleet.curate("operator", "hq_tools");
        assertThat(Fleet.wake("operator")
                        .call("hq_tools", Map.of("action", "grants", "agent", "chief"))
                        .data()
                        .path("items"))
                .isEmpty();
        // And: a new start of the agent does not lose it
        Fleet.curate("chief", "hq_tools", "hq_search");
        assertThat(memory().status()).isEqualTo(CallStatus.DONE);
        // And: only the owner takes it back, at once
        assertThat(code(run.call("hq_tools", Map.of("action", "revoke", "agent", "chief", "tool", "hq_memory"))))
                .isEqualTo("not_granted");
        assertThat(revoke("hq_memory").data().path("revoked").asInt()).isEqualTo(1);
        assertThat(code(memory())).isEqualTo("not_granted");
        assertThat(exported()).doesNotContain("hq_memory");
        // And: it may be asked for again, as another request
        ToolResult again = request("hq_memory");
        assertThat(again.status()).as("%s", again).isEqualTo(CallStatus.PROPOSED);
        assertThat(again.proposalId()).isNotEqualTo(frozen.proposalId());
    }

    @Test
    void shouldGiveNothingWhenSomebodyElseApproves() {
        FrozenCall frozen = Approved.frozen(request("hq_project"));
        approvals.approve(
                frozen,
                new Claim(frozen.proposalId(), frozen.revision(), frozen.digest(), "user:ana", Instant.now(), null));
        Approved.ring(frozen);
        var report = Approved.reported(approvals, frozen);
        assertThat(report.status()).isEqualTo(ProposalStatus.FAILED);
        assertThat(report.reason()).contains("only the owner", "user:ana");
        assertThat(code(run.call("hq_project", Map.of("action", "list")))).isEqualTo("not_granted");
    }

    @Test
    void shouldRefuseWhatIsAboveTheCeiling() {
        for (String tool : new String[] {"hq_autonomy", "hq_task", "migration_apply", "worker_run"}) {
            ToolResult result = request(tool);
            assertThat(result.status()).as(tool).isEqualTo(CallStatus.REFUSED);
            assertThat(code(result)).isEqualTo("not_granted");
            assertThat(result.error().message()).contains("above the ceiling");
        }
        assertThat(code(request("hq_nothing"))).isEqualTo("unknown_tool");
        assertThat(code(request("hq_search"))).isEqualTo("duplicate");
        assertThat(code(Fleet.owner(
                        "hq_tools",
                        "owner-" + UUID.randomUUID(),
                        Map.of("action", "request", "tool", "hq_memory", "reason", "I want it"))))
                .isEqualTo("denied");
    }

    @Test
    void shouldNotShowAModelWhatIsNotThereYet() {
        Fleet.curate("operator", "hq_tools", "hq_trace", "migration_plan");
        Fleet.Run operator = Fleet.wake("operator");
        assertThat(exported("operator")).contains("hq_trace").doesNotContain("migration_plan");
        assertThat(code(operator.call(
                        "migration_plan", Map.of("title", "Add a status", "sql", "SELECT 1", "reversible", true))))
                .isEqualTo("not_available_yet");
        assertThat(code(operator.call(
                        "hq_tools",
                        Map.of("action", "request", "tool", "finance_import", "reason", "To compare them"))))
                .as("the owner would give nothing")
                .isEqualTo("not_available_yet");
    }

    @Test
    void shouldWaitForTheOwnerWhenChiefMovesADeal() {
        ToolResult moved = run.call(
                "hq_engagement", Map.of("action", "stage", "ref", "engagement:nobody-knows", "to", "contract"));
        assertThat(moved.status()).as("%s", moved).isEqualTo(CallStatus.PROPOSED);
        assertThat(Approved.frozen(moved).risk()).isEqualTo("cross_scope");
        assertThat(code(run.call("hq_engagement", Map.of("action", "close", "ref", "x", "declined_reason", "No"))))
                .isEqualTo("not_granted");
    }

    private ToolResult request(String tool) {
        return run.call("hq_tools", Map.of("action", "request", "tool", tool, "reason", "To know what Rita likes"));
    }

    private ToolResult memory() {
        return run.call("hq_memory", Map.of("action", "search", "query", "Rita"));
    }

    private static ToolResult revoke(String tool) {
        return Fleet.owner(
                "hq_tools", "owner-" + UUID.randomUUID(), Map.of("action", "revoke", "agent", "chief", "tool", tool));
    }

    private static String grants() {
        return Fleet.owner("hq_tools", "owner-" + UUID.randomUUID(), Map.of("action", "grants"))
                .data()
                .toString();
    }

    private static String exported() {
        return exported("chief");
    }

    private static String exported(String role) {
        return Fleet.as("agent:" + role).get("/v1/agents/" + role + "/tools").asString();
    }

    private static String code(ToolResult result) {
        return Fleet.refusal(result);
    }
}
