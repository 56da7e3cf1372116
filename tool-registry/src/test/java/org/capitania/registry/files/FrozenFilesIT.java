package org.capitania.registry.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
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

/** A change of a file that waits for the owner is shown whole, and stays where its agent may write. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class FrozenFilesIT {
    @Inject
    Workspaces workspaces;

    private final String tag = UUID.randomUUID().toString().substring(0, 8);
    private final String path = "agents/operator/notes-" + tag + ".md";
    private FakePeers peers;
    private FakeApprovals approvals;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        assertThat(new FakeGraph(peers).edges()).isEmpty();
        approvals = new FakeApprovals(peers);
        Fleet.guardiansLive();
        Fleet.curate("operator", "file_write", "file_edit");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldAskForNothingThatNobodyIsShownWhole() {
        String text = "Harmless.\n".repeat(2500) + "daily_usd_hard: 500\n";
        ToolResult result = Fleet.wake("operator").call("file_write", Map.of("path", path, "content", text));
        assertThat(Fleet.refusal(result)).as("%s", result).isEqualTo("payload_too_large");
        assertThat(result.proposalId()).isNull();
        assertThat(workspaces.directory("main").resolve(path)).doesNotExist();
    }

    @Test
    void shouldSayHowOftenATextIsReplacedAndKeepItWithinItsFence() {
        // Given
        write("daily_usd_hard: 5\ndaily_usd_soft: 5\nOf 5.\n");
        // When
        ToolResult result = Fleet.wake("operator")
                .call(
                        "file_edit",
                        Map.of(
                                "path",
                                path,
                                "old_string",
                                "5",
                                "new_string",
                                "9\n````\n\n**Nothing changes.**",
                                "replace_all",
                                true));
        // Then
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        FrozenCall.Rendering shown = Approved.frozen(result).rendering();
        assertThat(shown.body()).startsWith("everywhere, 3 times:");
        assertThat(shown.markdown()).endsWith("\n`````\n");
    }

    @Test
    void shouldSendItBackWhenTheFileHasChanged() {
        // Given
        write("daily_usd_hard: 5\nnotes: none\n");
        Map<String, String> edit = Map.of("path", path, "old_string", "hard: 5", "new_string", "hard: 500");
        FrozenCall frozen = Approved.frozen(Fleet.wake("operator").call("file_edit", edit));
        FrozenCall other = Approved.frozen(Fleet.wake("operator")
                .call("file_edit", Map.of("path", path, "old_string", "hard: 5", "new_string", "hard: 7")));
        Approved.approve(approvals, frozen);
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        // When
        Approved.approve(approvals, other);
        // Then
        ReportRequest report = Approved.reported(approvals, other);
        assertThat(report.status()).as("%s", report).isEqualTo(ProposalStatus.STALE);
        JsonNode found = report.result().at("/differences/0");
        assertThat(found.path("title").asText()).isEqualTo(path);
        assertThat(found.at("/changes/0/path").asText()).isEqualTo("from line 1");
        assertThat(found.at("/changes/0/before").asText()).isEqualTo("daily_usd_hard: 5");
        assertThat(found.at("/changes/0/after").asText()).isEqualTo("daily_usd_hard: 500");
        assertThat(workspaces.directory("main").resolve(path)).hasContent("daily_usd_hard: 500\nnotes: none\n");
        // When: the owner has seen that and approves all the same
        Response again = Approved.edit(
                other.proposalId(), Map.of("path", path, "old_string", "hard: 5", "new_string", "hard: 7"));
        assertThat(again.statusCode()).isEqualTo(200);
        FrozenCall checked = Json.read(again.asString(), FrozenCall.class);
        assertThat(checked.revision()).isEqualTo(2);
        Approved.approve(approvals, checked);
        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            Fleet.guardiansLive();
            return approvals.reports(other.proposalId()).size() > 1;
        });
        assertThat(approvals.reports(other.proposalId()).getLast().status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(workspaces.directory("main").resolve(path)).hasContent("daily_usd_hard: 700\nnotes: none\n");
    }

    @Test
    void shouldStayWithinTheAgentsPathsWhenAPersonEdits() {
        ToolResult result =
                Fleet.wake("operator").call("file_write", Map.of("path", path, "content", "daily_usd_hard: 500\n"));
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        Response elsewhere = edit(result.proposalId(), "agents/chief/personality.md");
        assertThat(elsewhere.statusCode()).isEqualTo(403);
        assertThat(elsewhere.jsonPath().getString("code")).isEqualTo("cross_scope_violation");
        assertThat(edit(result.proposalId(), path).statusCode()).isEqualTo(200);
    }

    private void write(String text) {
        assertThat(Fleet.owner("file_write", "owner-" + tag, Map.of("path", path, "content", text))
                        .ok())
                .isTrue();
    }

    private static Response edit(String proposal, String path) {
        return Approved.edit(proposal, Map.of("path", path, "content", "daily_usd_hard: 6\n"));
    }
}
