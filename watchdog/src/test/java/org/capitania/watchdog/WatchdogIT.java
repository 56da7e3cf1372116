package org.capitania.watchdog;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.util.RawValue;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.IncidentView;
import org.capitania.contract.api.MemoryView;
import org.capitania.contract.api.RunView;
import org.capitania.contract.event.AgentIncident;
import org.capitania.contract.event.AgentTaskFailed;
import org.capitania.contract.event.SubagentLeaked;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.capitania.testkit.TestTokens;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A running watchdog with a real store and broker; the test plays the fleet it looks at. */
@QuarkusTest
@QuarkusTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "watchdog"), @ResourceArg(name = "peers", value = "fake")})
@QuarkusTestResource(QuickChecks.class)
class WatchdogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final AtomicReference<List<RunView>> runs = new AtomicReference<>(List.of());
    private final AtomicReference<String> metrics = new AtomicReference<>("outbox_lag_seconds 0.3");
    private FakePeers peers;
    private EventTail events;

    @BeforeEach
    void begin() throws SQLException {
        peers = FakePeers.listen()
                .on("POST", "/v1/heartbeats", request -> Map.of())
                .on("GET", "/q/health/(live|ready)", this::health)
                .on("GET", "/v1/runs", request -> page(request.query()))
                .on("POST", "/v1/runs/.*/stop", request -> Map.of())
                .on("GET", "/q/metrics", request -> new RawValue(metrics.get()));
        // What the watchdog found while nobody answered between two tests is over before the next begins.
        await().atMost(PATIENCE)
                .until(() -> incidents("state=open").stream()
                        .noneMatch(i -> i.subject().startsWith("service:")));
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM watch.interventions; DELETE FROM watch.incidents");
        }
        events = EventTail.fromNow("hq.agent_incident");
    }

    @AfterEach
    void end() {
        events.close();
        peers.close();
    }

    @Test
    void shouldTellTheGatewayThatItLives() {
        await().atMost(PATIENCE)
                .until(() -> peers.requests("POST", "/v1/heartbeats").size() > 3);
        FakePeers.Request beat = peers.requests("POST", "/v1/heartbeats").getFirst();
        assertThat(beat.audience()).isEqualTo("tool-registry");
        assertThat(beat.body().path("component").asText()).isEqualTo("watchdog");
    }

    @Test
    void shouldTellOfAMachineThatLivesOnItsSwapUntilItDoesNot() {
        AtomicReference<MemoryView> memory =
                new AtomicReference<>(new MemoryView(300L, 900L, Instant.parse("2026-11-22T10:00:00Z")));
        peers.on("GET", "/v1/memory", request -> memory.get());

        IncidentView incident = awaitIncident("swapping", "open");
        assertThat(incident.tier()).isEqualTo("hard");
        assertThat(incident.detail()).contains("900 MB of swap", "300 MB available");

        memory.set(new MemoryView(3000L, 900L, null));
        assertThat(awaitIncident("swapping", "cleared").incidentId()).isEqualTo(incident.incidentId());
    }

    @Test
    void shouldFileOneIncidentWhileAServiceIsAwayAndClearItWhenItIsBack() {
        // When
        down.add("graph-service");
        IncidentView incident = awaitIncident("service_readiness", "open");
        await().atMost(PATIENCE)
                .until(() -> awaitIncident("service_readiness", "open").seen() > 3);
        // Then
        assertThat(incident.subject()).isEqualTo("service:graph-service");
        assertThat(incident.tier()).isEqualTo("soft");
        assertThat(incident.detail()).contains("graph-service is not ready since");
        assertThat(incidents("check=service_readiness")).hasSize(1);
        assertThat(events.ofType(AgentIncident.TYPE).stream()
                        .filter(e -> e.tenant().equals("main")))
                .hasSize(1);
        assertThat(events.await(AgentIncident.TYPE).as(AgentIncident.class).check())
                .isEqualTo("service_readiness");
        // When
        down.clear();
        // Then
        assertThat(awaitIncident("service_readiness", "cleared").incidentId()).isEqualTo(incident.incidentId());
    }

    @Test
    void shouldFileNothingOfAnAgentThatIsStoppedUntilThereIsSomethingToDo() {
        // Given: both agents' processes are away, one of them on purpose
        peers.on("GET", "/v1/agents/chief", request -> agent("chief", Instant.parse("2026-11-22T10:00:00Z")));
        peers.on("GET", "/v1/agents/operator", request -> agent("operator", null));
        // When
        down.addAll(Set.of("agent-chief", "agent-operator"));
        // Then
        await().atMost(PATIENCE)
                .until(() -> awaitIncident("service_readiness", "open").seen() > 3);
        assertThat(incidents("check=service_readiness"))
                .extracting(IncidentView::subject)
                .containsExactly("service:agent-operator");
        // And: one that does not come when it is started is told of
        peers.on("GET", "/v1/agents/chief", request -> agent("chief", null));
        await().atMost(PATIENCE)
                .until(() -> incidents("check=service_readiness").size() == 2);
    }

    private static AgentView agent(String role, @Nullable Instant restingSince) {
        return new AgentView(
                role,
                AgentView.State.STOPPED,
                null,
                null,
                null,
                null,
                0,
                null,
                restingSince,
                null,
                null,
                null,
                null,
                List.of());
    }

    @Test
    void shouldKeepAnAcknowledgementWhileTheTroubleLasts() {
        // Given
        down.add("supervisor");
        IncidentView incident = awaitIncident("supervisor_liveness", "open");
        // When
        acknowledge(incident, "user:ana").then().statusCode(200);
        acknowledge(incident, "user:owner").then().statusCode(200);
        // Then
        int seen = awaitIncident("supervisor_liveness", "open").seen();
        await().atMost(PATIENCE)
                .until(() -> awaitIncident("supervisor_liveness", "open").seen() > seen + 2);
        IncidentView later = awaitIncident("supervisor_liveness", "open");
        assertThat(later.incidentId()).isEqualTo(incident.incidentId());
        assertThat(later.acknowledgedBy()).isEqualTo("user:ana");
        acknowledge(incident, "system:supervisor").then().statusCode(403);
    }

    @Test
    void shouldNoteAnIdleRunAndThenStopItOnce() {
        // Given
        runs.set(List.of(run("r-1", "running", Instant.now().minus(Duration.ofMinutes(11)))));
        assertThat(awaitIncident("run_without_progress", "open").tier()).isEqualTo("soft");
        assertThat(peers.requests("POST", "/v1/runs/.*/stop")).isEmpty();
        // When
        runs.set(List.of(run("r-1", "running", Instant.now().minus(Duration.ofMinutes(13)))));
        await().atMost(PATIENCE)
                .until(() -> awaitIncident("run_without_progress", "open").seen() > 10);
        // Then
        IncidentView incident = awaitIncident("run_without_progress", "open");
        assertThat(incident.tier()).isEqualTo("medium");
        assertThat(incident.role()).isEqualTo("chief");
        assertThat(incident.actions()).containsExactly("stop_run: asked the supervisor to stop run r-1");
        assertThat(peers.requests("POST", "/v1/runs/r-1/stop").stream()
                        .filter(r -> r.tenant().equals("main")))
                .hasSize(1);
    }

    @Test
    void shouldNoticeAnAgentWhoseRunsFailOneAfterTheOther() {
        // Given
        runs.set(List.of(
                run("r-4", "lost", Instant.EPOCH),
                run("r-3", "failed", Instant.EPOCH),
                run("r-2", "unclaimed", Instant.EPOCH)));
        // Then
        assertThat(awaitIncident("repeated_failure", "open").detail()).contains("the last 3 runs of chief failed");
        // When
        runs.set(List.of(run("r-5", "finished", Instant.EPOCH), run("r-4", "lost", Instant.EPOCH)));
        // Then
        awaitIncident("repeated_failure", "cleared");
    }

    @Test
    void shouldKeepAGivenUpTaskOpenUntilAPersonHasSeenIt() {
        // Given
        AgentTaskFailed failed = new AgentTaskFailed("t-9", "chief", "c-9", 5, "user:owner", "the lease ran out");
        String id = Events.publish("hq.agent", "fleet:9", AgentTaskFailed.TYPE, "main", "t-9", failed);
        Events.publish("hq.agent", id, AgentTaskFailed.TYPE, "main", "t-9", failed);
        // When
        IncidentView incident = awaitIncident("task_given_up", "open");
        // Then
        assertThat(incident.taskId()).isEqualTo("t-9");
        assertThat(incident.detail()).contains("user:owner has to look at it");
        acknowledge(incident, "user:owner").then().statusCode(200);
        assertThat(awaitIncident("task_given_up", "cleared").seen()).isEqualTo(1);
        assertThat(events.ofType(AgentIncident.TYPE).stream()
                        .filter(e -> e.as(AgentIncident.class).check().equals("task_given_up")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void shouldFileALeakedSubagentOnceHoweverOftenItIsTold() {
        SubagentLeaked leaked = new SubagentLeaked("sub-9", "s-9", "t-9", "chief", "explore");
        Events.publish("hq.agent", "fleet:10", SubagentLeaked.TYPE, "main", "sub-9", leaked);
        Events.publish("hq.agent", "fleet:11", SubagentLeaked.TYPE, "main", "sub-9", leaked);

        IncidentView incident = awaitIncident("subagent_leak", "open");

        assertThat(incident.subject()).isEqualTo("session:sub-9");
        assertThat(incident.taskId()).isEqualTo("t-9");
        assertThat(incident.detail()).contains("explore of chief", "it was closed");
        acknowledge(incident, "user:owner").then().statusCode(200);
    }

    @Test
    void shouldNoticeDeadLettersThatKeepComingAndForgetThemWhenItIsQuiet() {
        // When
        Events.publish("hq.dead-letter", "x:1", "dead-letter", "main", "k", Map.of("error", "no"));
        // Then
        assertThat(awaitIncident("dead_letters", "open").subject()).isEqualTo("topic:hq.dead-letter");
        awaitIncident("dead_letters", "cleared");
    }

    @Test
    void shouldNoticeEventsThatDoNotReachTheBroker() {
        // When
        metrics.set("# TYPE outbox_lag_seconds gauge\noutbox_lag_seconds 95.0\nother 3\n");
        // Then
        assertThat(awaitIncident("outbox_lag", "open").detail()).contains("95 s");
        metrics.set("outbox_lag_seconds 0.1\n");
        awaitIncident("outbox_lag", "cleared");
    }

    @Test
    void shouldNoticeEventsThatHaveNoTopic() {
        // When
        metrics.set("outbox_lag_seconds 0.1\noutbox_parked 3.0\n");
        // Then
        assertThat(awaitIncident("outbox_lag", "open").detail()).startsWith("3 events of ");
        metrics.set("outbox_lag_seconds 0.1\noutbox_parked 0.0\n");
        awaitIncident("outbox_lag", "cleared");
    }

    @Test
    void shouldNeitherOpenNorClearWhenACheckCannotTell() {
        // Given
        runs.set(List.of(run("r-7", "running", Instant.now().minus(Duration.ofMinutes(11)))));
        IncidentView incident = awaitIncident("run_without_progress", "open");
        // When
        int before = peers.requests("GET", "/v1/runs").size();
        peers.on("GET", "/v1/runs", request -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "restarting");
        });
        await().atMost(PATIENCE).until(() -> peers.requests("GET", "/v1/runs").size() > before + 6);
        // Then
        assertThat(awaitIncident("run_without_progress", "open").incidentId()).isEqualTo(incident.incidentId());
    }

    private Object health(FakePeers.Request request) {
        if (down.contains(request.audience())) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "it is being stopped");
        }
        return Map.of("status", "UP");
    }

    private RunView.Page page(String query) {
        boolean onlyRunning = query.contains("state=running");
        return new RunView.Page(runs.get().stream()
                .filter(run -> !onlyRunning || run.state().equals("running"))
                .toList());
    }

    private static RunView run(String id, String state, Instant progress) {
        boolean over = !state.equals("running");
        return new RunView(
                id,
                "w-1",
                "chief",
                state,
                3,
                1,
                "chief-1",
                progress,
                progress,
                progress,
                progress,
                4,
                null,
                over ? progress : null,
                "why",
                null);
    }

    private static IncidentView awaitIncident(String check, String state) {
        return await(check + " " + state)
                .atMost(PATIENCE)
                .until(() -> incidents("check=" + check + "&state=" + state), found -> !found.isEmpty())
                .getFirst();
    }

    private static List<IncidentView> incidents(String query) {
        return Json.read(
                        as("user:owner")
                                .get("/v1/incidents?" + query)
                                .then()
                                .statusCode(200)
                                .extract()
                                .asString(),
                        IncidentView.Page.class)
                .items();
    }

    private static io.restassured.response.Response acknowledge(IncidentView incident, String principal) {
        return as(principal).post("/v1/incidents/" + incident.incidentId() + "/acknowledge");
    }

    private static RequestSpecification as(String principal) {
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.WATCHDOG));
    }
}
