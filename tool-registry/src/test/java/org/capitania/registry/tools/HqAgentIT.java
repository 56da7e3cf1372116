package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents say and do to each other, at the gate. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class HqAgentIT {
    private static final Map<String, Object> ASK = Map.of("action", "ask", "to", "operator", "text", "Which plan?");

    @Inject
    Sql sql;

    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        new FakeApprovals(peers);
        Fleet.curate("chief", "hq_agent");
        Fleet.curate("operator", "hq_agent");
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldBeTwoRowsOfTheLedgerParentAndChildWhenAPeerAnswers() {
        // Given
        String message = UUID.randomUUID().toString();
        peers.on(
                "POST",
                "/v1/messages",
                r -> new MessageRequest.Sent(message, "Silver", "agent:operator", "run-of-the-answer", false));
        Fleet.Run run = Fleet.wake("chief");
        String call = run.nextCall();
        // When
        ToolResult asked = run.call("hq_agent", call, ASK);
        run.call("hq_agent", call, ASK);
        // Then
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.DONE);
        String journal =
                "SELECT concat_ws(' ', actor, tool, action, parent_id, task_id, output ->> 'reply') AS row FROM calls WHERE call_id = $1";
        String ledger = """
                SELECT concat_ws(' ', body ->> 'actor', body ->> 'tool', body ->> 'action', body ->> 'parent_id', body ->> 'task_id',
                                 body #>> '{output,reply}') AS row FROM agent_actions WHERE call_id = $1
                """;
        String expected = String.join(" ", "agent:operator", "hq_agent", "reply", call, run.taskId(), "Silver");
        assertThat(rows(journal, "answer:" + message)).containsExactly(expected);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(rows(ledger, "answer:" + message)).containsExactly(expected));
        assertThat(peers.requests("POST", "/v1/messages"))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.body().path("timeout_ms").asLong()).isEqualTo(30_000));
    }

    private List<String> rows(String query, String callId) {
        return sql.read(Scope.of("main", "system:test", null), tx -> {
            List<String> rows = new ArrayList<>();
            tx.query(query, callId).forEach(row -> rows.add(row.getString("row")));
            return rows;
        });
    }

    @Test
    void shouldWaitForTheOwnerWhenAnAgentWouldResumeRestartOrRotateAnother() {
        Fleet.Run run = Fleet.wake("operator");
        for (String action : List.of("resume", "restart", "handover")) {
            ToolResult frozen = run.call("hq_agent", Map.of("action", action, "agent", "chief"));
            assertThat(frozen.status()).as("%s", frozen).isEqualTo(CallStatus.PROPOSED);
        }
        assertThat(peers.requests("POST", "/v1/agents/.*")).isEmpty();
    }

    @Test
    void shouldDoItAtOnceForAPerson() {
        peers.on("POST", "/v1/agents/chief/(resume|restart|handover)", r -> Map.of("role", "chief", "state", "cold"));
        for (String action : List.of("resume", "handover")) {
            assertThat(Fleet.owner("hq_agent", UUID.randomUUID().toString(), Map.of("action", action, "agent", "chief"))
                            .status())
                    .isEqualTo(CallStatus.DONE);
        }
        ToolResult restarted = Fleet.owner(
                "hq_agent",
                UUID.randomUUID().toString(),
                Map.of("action", "restart", "agent", "chief", "fresh_session", true));

        assertThat(restarted.data().path("state").asText()).isEqualTo("cold");
        assertThat(peers.requests("POST", "/v1/agents/chief/.*"))
                .extracting(FakePeers.Request::path)
                .containsExactly("/v1/agents/chief/resume", "/v1/agents/chief/handover", "/v1/agents/chief/restart");
        FakePeers.Request last =
                peers.requests("POST", "/v1/agents/chief/restart").getLast();
        assertThat(last.query()).isEqualTo("fresh_session=true");
        assertThat(last.onBehalfOf()).isEqualTo("user:owner");
    }
}
