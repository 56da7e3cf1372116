package org.capitania.supervisor;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.api.WakeView;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.embedded.Ports;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real process, killed and started again: a pause holds, and a wake goes on where it was. */
class SupervisorKillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Events of other tests in this JVM are on the topics as well; these triggers want only this test's. */
    private final String probe = UUID.randomUUID().toString();

    private final List<Process> started = new ArrayList<>();
    private Map<String, String> config;
    private int port;
    private FakePeers peers;
    private EventTail tail;

    @BeforeEach
    void begin() {
        FleetInfra infra = new FleetInfra();
        infra.init(Map.of("service", "supervisor", "database", "fresh"));
        config = new HashMap<>(infra.start());
        port = Ports.free();
        config.put("quarkus.http.port", Integer.toString(port));
        config.put("mp.messaging.incoming.events.group.id", "killed-supervisor-" + probe);
        config.put("hq.instance", "killed-supervisor-0");
        config.put("hq.memory.least-mb", "1");
        config.put("hq.wakes.tick", "100ms");
        peers = FakePeers.listen()
                .on("POST", "/v1/fences", request -> Map.of())
                .on("DELETE", "/v1/fences/.*", request -> Map.of())
                .on("POST", "/v1/heartbeats", request -> Map.of())
                .on("GET", "/q/health/live", request -> Map.of());
        tail = EventTail.fromNow("hq.agent.chief", "hq.agent.operator");
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
        tail.close();
        peers.close();
    }

    @Test
    void shouldGoOnWhereItWasAndKeepAPausedAgentAsleepWhenKilledTwice() throws Exception {
        // Given: operator is paused and has work; chief's run is about to be told to the gateway
        Process first = start();
        register("chief");
        register("operator");
        as("user:owner")
                .body("{\"reason\":\"not today\"}")
                .post("/v1/agents/operator/pause")
                .then()
                .statusCode(200);
        String held = publish("operator");
        await().atMost(PATIENCE).until(() -> wakes("operator").stream().anyMatch(w -> w.heldReason() != null));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        peers.on("POST", "/v1/fences", request -> {
            asked.countDown();
            block(answer);
            return Map.of();
        });
        publish("chief");
        assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();

        // When
        first.destroyForcibly().waitFor();
        answer.countDown();
        peers.on("POST", "/v1/fences", request -> Map.of());
        Process second = start();
        register("operator");

        // Then: the same run goes on
        AgentWake wake = awaitWake("chief");
        assertThat(wake.attempt()).isEqualTo(1);
        assertThat(fencesOf(wake)).as("the gateway was told before and after").hasSizeGreaterThan(1);
        claim(wake);
        // and operator sleeps, also when more comes
        publish("operator");
        await().atMost(PATIENCE)
                .until(() -> wakes("operator").getFirst().tasks().size() == 2);
        assertThat(wakesOnTopic("operator")).isEmpty();

        // When
        second.destroyForcibly().waitFor();
        start();
        register("operator");

        // Then: a supervisor that is away for less than a lease costs a run nothing
        as("agent:chief")
                .body(Json.write(new RunHeartbeat(wake.fence(), 2L, null, null)))
                .post("/v1/runs/" + wake.runId() + "/heartbeat")
                .then()
                .statusCode(200);
        complete(wake);
        assertThat(wakes("chief").stream().map(WakeView::state)).containsExactly("done");
        // The relay delivers at least once, under the same id.
        assertThat(wakesOnTopic("chief").stream().map(Event::id).distinct()).hasSize(1);
        // and operator wakes when its owner says so, not before
        assertThat(wakesOnTopic("operator")).isEmpty();
        assertThat(wakes("operator")).hasSize(1);
        assertThat(wakes("operator").getFirst().heldReason()).isEqualTo("paused by user:owner: not today");
        as("user:owner").post("/v1/agents/operator/resume").then().statusCode(200);
        assertThat(awaitWake("operator").tasks().getFirst().events())
                .extracting(Event::id)
                .containsExactly(held);
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders"));
        config.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        Path log = Files.createTempFile("supervisor-", ".log");
        log.toFile().deleteOnExit();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        await("a supervisor that is ready; its log is " + log)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> given().port(port).get("/q/health/ready").statusCode() == 200);
        return process;
    }

    private void register(String role) {
        Map<String, JsonNode> where = Map.of("probe", new TextNode(probe), "role", new TextNode(role));
        as("agent:" + role)
                .body(Json.write(new RegisterAgent(
                        List.of(new Trigger("kb.ingest.completed", where)), role + "-1", "http://127.0.0.1:1", "v1")))
                .post("/v1/agents/" + role + "/register")
                .then()
                .statusCode(200);
    }

    private String publish(String role) {
        return Events.publish(
                "kb.ingest.completed", UUID.randomUUID().toString(), Map.of("probe", probe, "role", role));
    }

    private AgentWake awaitWake(String role) {
        return tail.await(AgentWake.TYPE, event -> mine(event, role)).as(AgentWake.class);
    }

    private List<Event> wakesOnTopic(String role) {
        return tail.ofType(AgentWake.TYPE).stream()
                .filter(event -> mine(event, role))
                .toList();
    }

    private boolean mine(Event event, String role) {
        AgentWake wake = event.as(AgentWake.class);
        return wake.role().equals(role)
                && wake.tasks()
                        .getFirst()
                        .events()
                        .getFirst()
                        .data()
                        .path("probe")
                        .asText()
                        .equals(probe);
    }

    private List<FakePeers.Request> fencesOf(AgentWake wake) {
        return peers.requests("POST", "/v1/fences").stream()
                .filter(request -> request.body().path("run_id").asText().equals(wake.runId()))
                .toList();
    }

    private void claim(AgentWake wake) {
        as("agent:chief")
                .body(Json.write(new WakeClaim(wake.runId(), wake.fence(), "chief-1")))
                .post("/v1/wakes/" + wake.wakeId() + "/claim")
                .then()
                .statusCode(200);
    }

    private void complete(AgentWake wake) {
        String task = wake.tasks().getFirst().taskId();
        as("agent:chief")
                .body(Json.write(new RunComplete(
                        wake.fence(),
                        RunComplete.Outcome.FINISHED,
                        List.of(new TaskOutcome(task, TaskOutcome.Outcome.FINISHED, "done")),
                        null)))
                .post("/v1/runs/" + wake.runId() + "/complete")
                .then()
                .statusCode(200);
    }

    private List<WakeView> wakes(String role) {
        return Json.read(as("user:owner").get("/v1/wakes?role=" + role).asString(), WakeView.Page.class)
                .items();
    }

    private RequestSpecification as(String principal) {
        return given().port(port)
                .contentType("application/json")
                .header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.SUPERVISOR));
    }

    private static void block(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
