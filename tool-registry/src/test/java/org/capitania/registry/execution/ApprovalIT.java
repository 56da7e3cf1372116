package org.capitania.registry.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What approval-service says is looked at as well: only a person's approval of this very call, given after it was frozen, sends anything. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ApprovalIT {
    /** What is wrong with a claim, and the word by which the report says so. */
    private enum Wrong {
        PROPOSAL("another proposal"),
        AGENT("not agent:chief"),
        SERVICE("not system:approval-service"),
        TIME("before it was frozen"),
        DIGEST("digest");

        private final String said;

        Wrong(String said) {
            this.said = said;
        }

        Claim of(FrozenCall frozen) {
            String decider = switch (this) {
                case AGENT -> "agent:chief";
                case SERVICE -> "system:approval-service";
                case PROPOSAL, TIME, DIGEST -> "user:owner";
            };
            return new Claim(
                    this == PROPOSAL ? "another" : frozen.proposalId(),
                    frozen.revision(),
                    this == DIGEST ? "0".repeat(64) : frozen.digest(),
                    decider,
                    Instant.now().minus(this == TIME ? Duration.ofHours(1) : Duration.ZERO),
                    null);
        }
    }

    private FakePeers peers;
    private FakeGraph graph;
    private FakeApprovals approvals;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        Fleet.curate("chief", "email_send");
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void shouldSendNothingWhenTheApprovalIsNone(Wrong wrong) {
        // Given
        FrozenCall frozen = Approved.frozen(
                Fleet.wake("chief").call("email_send", graph.thread("Is it?").answer("Approved?")));
        approvals.approve(frozen, wrong.of(frozen));
        // When
        Approved.ring(frozen);
        // Then
        ReportRequest report = Approved.reported(approvals, frozen);
        assertThat(report.status()).isEqualTo(ProposalStatus.FAILED);
        assertThat(report.reason()).contains(wrong.said);
        assertThat(Approved.mails(frozen.businessKey())).isEmpty();
    }

    @Test
    void shouldSendNothingWhenWhoeverSawThatTheApprovalIsNoneDied() throws SQLException {
        // Given: what was found of it is not written down at first
        FrozenCall frozen = Approved.frozen(Fleet.wake("chief")
                .call("email_send", graph.thread("Is it still?").answer("Approved?")));
        approvals.approve(frozen, Wrong.DIGEST.of(frozen));
        database("""
                CREATE FUNCTION ledger.lost_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF NEW.status = 'acted' AND OLD.attempts = 1 AND NEW.proposal_id = '%s' THEN RAISE EXCEPTION 'lost'; END IF;
                    RETURN NEW;
                END $$
                """.formatted(frozen.proposalId()), """
                CREATE TRIGGER lost_conclusion BEFORE UPDATE ON ledger.executions
                   FOR EACH ROW EXECUTE FUNCTION ledger.lost_conclusion()
                """);
        try {
            // When
            Approved.ring(frozen);
            // Then
            ReportRequest report = Approved.reported(approvals, frozen);
            assertThat(report.status()).as("%s", report).isEqualTo(ProposalStatus.FAILED);
            assertThat(report.reason()).contains(Wrong.DIGEST.said);
            assertThat(Approved.mails(frozen.businessKey())).isEmpty();
        } finally {
            database("DROP FUNCTION ledger.lost_conclusion() CASCADE");
        }
    }

    private static void database(String... statements) throws SQLException {
        try (Connection superuser = TestPostgres.shared().connect();
                Statement statement = superuser.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void shouldGoBackToTheQueueWhenItsTimeIsOver() {
        // Given: it was approved and claimed, and had to wait for too long
        FrozenCall frozen = Approved.frozen(
                Fleet.wake("chief").call("email_send", graph.thread("Late").answer("Better late than never?")));
        Instant now = Instant.now();
        approvals.approve(
                frozen,
                new Claim(
                        frozen.proposalId(),
                        frozen.revision(),
                        frozen.digest(),
                        "user:owner",
                        now,
                        now.minusSeconds(1)));
        // When
        Approved.ring(frozen);
        // Then
        ReportRequest report = Approved.reported(approvals, frozen);
        assertThat(report.status()).isEqualTo(ProposalStatus.STALE);
        assertThat(report.reason()).contains("was good until");
        assertThat(Approved.mails(frozen.businessKey())).isEmpty();
    }

    @Test
    void shouldRefuseAnEditWhenTheAgentHasLostTheTool() {
        // Given
        FakeGraph.Thread thread = graph.thread("Lost");
        FrozenCall frozen = Approved.frozen(Fleet.wake("chief").call("email_send", thread.answer("While I may.")));
        Fleet.curate("chief", "hq_search");
        // When
        var edit = RestAssured.given()
                .contentType(ContentType.JSON)
                .header(
                        "Authorization",
                        "Bearer "
                                + TestTokens.onBehalfOf(
                                        "system:approval-service", "user:owner", Service.TOOL_REGISTRY, "main"))
                .body(Json.write(Map.of("arguments", thread.answer("Edited."), "by", "user:owner")))
                .post("/v1/frozen-calls/{id}/revisions", frozen.proposalId());
        // Then
        assertThat(edit.statusCode()).isEqualTo(403);
        assertThat(edit.jsonPath().getString("code")).isEqualTo("not_granted");
    }
}
