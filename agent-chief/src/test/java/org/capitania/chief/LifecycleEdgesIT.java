package org.capitania.chief;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends a session before its task has ended, and where the task goes on (seeds 20.1, 21.3, 21.4). */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "agent-chief"), @ResourceArg(name = "peers", value = "fake")
        })
@WithTestResource(LifecycleEdgesIT.QuickHeart.class)
class LifecycleEdgesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A heart that beats often enough for a test. */
    public static final class QuickHeart implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of("hq.agent.heartbeat", "100ms");
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    @Inject
    Sql sql;

    @Inject
    Sessions keeper;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private FakeFleet fleet;

    @Nullable
    private volatile Instant freshFrom;

    @Nullable
    private volatile String command;

    @BeforeEach
    void listen() {
        fleet = new FakeFleet();
        fleet.peers.on("POST", "/v1/runs/([^/]+)/heartbeat", request -> {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("lease_expires_at", "2999-01-01T00:00:00Z");
            answer.put("appended", List.of());
            answer.put("command", command);
            answer.put("fresh_from", freshFrom);
            return answer;
        });
        fleet.peers.on("POST", "/v1/tools/hq_agent/calls", this::answerOnceReleased);
    }

    @AfterEach
    void stop() {
        release.countDown();
        fleet.close();
    }

    private Object answerOnceReleased(FakePeers.Request request) {
        asked.countDown();
        try {
            release.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.of(
                "ok",
                true,
                "status",
                "done",
                "action",
                "hq_agent",
                "audit_event_id",
                "a-1",
                "data",
                Map.of(
                        "from",
                        "operator",
                        "reply",
                        "[rehearsal] FACT: Aurora is recorded. Source: entity:aurora, version 3."));
    }

    /** Wakes chief and waits until it waits for operator's answer. */
    private AgentWake wakeInTheMiddle(String taskId, long fence) throws InterruptedException {
        AgentWake wake = fleet.wake(taskId, fence, 1);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        return wake;
    }

    /** Tells chief with every heartbeat, and waits until it has heard. */
    private void tell(@Nullable String now, @Nullable Instant fresh) {
        command = now;
        freshFrom = fresh;
        int before = beats();
        await().atMost(PATIENCE).until(() -> beats() > before + 1);
    }

    private int beats() {
        return fleet.peers.requests("POST", "/v1/runs/[^/]+/heartbeat").size();
    }

    private JsonNode completed(AgentWake wake) {
        String path = "/v1/runs/" + wake.runId() + "/complete";
        await().atMost(PATIENCE).until(() -> !fleet.bodies(path).isEmpty());
        return fleet.bodies(path).getFirst();
    }

    /** The sessions of a task, the oldest first. */
    private static List<JsonNode> sessions(String taskId) {
        JsonNode page = Json.read(
                given().header("Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.AGENT_CHIEF))
                        .get("/v1/sessions?task_id=" + taskId)
                        .asString(),
                JsonNode.class);
        List<JsonNode> sessions = new java.util.ArrayList<>();
        page.path("items").forEach(sessions::addFirst);
        return sessions;
    }

    private List<JsonNode> closes(JsonNode session) {
        return fleet.bodies("/v1/sessions/" + session.path("session_id").asText() + "/close");
    }

    @Test
    void shouldGoOnInAFreshSessionOfTheSameRunWhenItsSessionIsRotated() throws InterruptedException {
        String taskId = UUID.randomUUID().toString();
        AgentWake wake = wakeInTheMiddle(taskId, 21_000);

        tell(null, Instant.now());
        release.countDown();

        assertThat(completed(wake).path("tasks").get(0).path("outcome").asText())
                .isEqualTo("finished");
        List<JsonNode> sessions = sessions(taskId);
        assertThat(sessions).extracting(s -> s.path("code").asText()).containsExactly("rotated", "task_complete");
        assertThat(sessions).extracting(s -> s.path("run_id").asText()).containsOnly(wake.runId());
        assertThat(closes(sessions.getFirst()))
                .singleElement()
                .satisfies(close -> assertThat(close.path("memo").asText()).contains("rehearsal model"));
        assertThat(fleet.bodies("/v1/wakes/" + wake.wakeId() + "/claim")).hasSize(1);
    }

    @Test
    void shouldPutItsSessionAwayWithoutAModelWhenItsRunIsStoppedForGood() throws InterruptedException {
        String taskId = UUID.randomUUID().toString();
        AgentWake wake = wakeInTheMiddle(taskId, 22_000);
        int turns = fleet.turns.size();

        command = "stop";
        freshFrom = Instant.now();

        assertThat(completed(wake).path("outcome").asText()).isEqualTo("failed");
        JsonNode session = sessions(taskId).getFirst();
        assertThat(session.path("code").asText()).isEqualTo("stopped");
        assertThat(closes(session)).singleElement().satisfies(close -> {
            assertThat(close.path("memory_entry_count").asInt(-1)).isZero();
            assertThat(close.path("summary").asText()).contains("the supervisor stopped the run");
        });
        assertThat(fleet.turns).hasSize(turns);

        // The next run begins anew.
        tellNothing();
        completed(fleet.wake(taskId, 22_001, 1));
        assertThat(sessions(taskId))
                .extracting(s -> s.path("code").asText())
                .containsExactly("stopped", "task_complete");
    }

    @Test
    void shouldGoOnWhereItStoodWhenAPersonStoppedItsRun() throws InterruptedException {
        String taskId = UUID.randomUUID().toString();
        AgentWake wake = wakeInTheMiddle(taskId, 23_000);

        command = "stop";
        completed(wake);
        assertThat(sessions(taskId))
                .singleElement()
                .satisfies(s -> assertThat(s.hasNonNull("closed_at")).isFalse());

        tellNothing();
        completed(fleet.wake(taskId, 23_001, 1));
        assertThat(sessions(taskId)).extracting(s -> s.path("code").asText()).containsExactly("task_complete");
    }

    @Test
    void shouldLeaveASessionOfAnEarlierRunThatMustNotBeGoneOnWith() throws InterruptedException {
        String taskId = UUID.randomUUID().toString();
        AgentWake wake = wakeInTheMiddle(taskId, 24_000);
        command = "stop";
        completed(wake);

        tellNothing();
        freshFrom = Instant.now();
        completed(fleet.wake(taskId, 24_001, 1));

        assertThat(sessions(taskId))
                .extracting(s -> s.path("code").asText())
                .containsExactly("rotated", "task_complete");
    }

    @Test
    void shouldBeginAFreshSessionInTheSameProcessForWhatComesRightAfter() {
        release.countDown();
        String first = UUID.randomUUID().toString();
        String second = UUID.randomUUID().toString();
        AgentWake before = fleet.wake(first, 25_000, 1);
        completed(before);

        AgentWake after = fleet.wake(second, 25_001, 1);
        completed(after);

        assertThat(instance(after)).isEqualTo(instance(before));
        assertThat(sessions(second).getFirst().path("session_id"))
                .isNotEqualTo(sessions(first).getFirst().path("session_id"));
    }

    @Test
    void shouldOfferInALaterRunWhatWasNotAccepted() {
        release.countDown();
        AtomicBoolean refusing = new AtomicBoolean(true);
        fleet.peers.on("POST", "/v1/sessions/([^/]+)/close", request -> {
            if (refusing.get()) {
                throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "/memo: it is too odd");
            }
            String id = request.groups().getFirst();
            return Map.of("session_id", id, "node_id", "n-1", "audit_event_id", "a-1", "cost_usd", 0.0125);
        });
        String taskId = UUID.randomUUID().toString();
        AgentWake first = fleet.wake(taskId, 26_000, 1);
        completed(first);
        JsonNode session = sessions(taskId).getFirst();
        assertThat(session.path("unaccepted").asText()).contains("too odd");
        assertThat(closes(session)).as("not again in the same run").hasSize(3);
        refusing.set(false);
        String broken = brokenSession();

        AgentWake later = fleet.wake(UUID.randomUUID().toString(), 26_001, 1);
        completed(later);

        assertThat(sessions(broken).getFirst().path("unaccepted").asText())
                .as("one that cannot be read keeps neither the run nor others from their end")
                .startsWith("it cannot be offered");
        assertThat(sessions(taskId).getFirst().hasNonNull("unaccepted")).isFalse();
        JsonNode offered = closes(session).getLast();
        assertThat(closes(session)).hasSize(4);
        assertThat(offered.path("run_id").asText()).isEqualTo(later.runId());
        assertThat(offered.path("task_id").asText()).isEqualTo(taskId);
        assertThat(offered.path("memo").asText()).contains("rehearsal model");
        assertThat(offered.path("turns")).isNotEmpty();
        completed(fleet.wake(UUID.randomUUID().toString(), 26_002, 1));
        assertThat(closes(session)).as("what was taken is offered no more").hasSize(4);
    }

    /** The task of a session that was not accepted, and of which no entry is left. */
    private String brokenSession() {
        String taskId = UUID.randomUUID().toString();
        Scope scope = Scope.of("main", "agent:chief", "test");
        keeper.forTask(scope, taskId, "run-of-long-ago", Set.of("e-1"));
        sql.run(
                scope,
                tx -> tx.execute(
                        "UPDATE sessions SET unaccepted = 'a test', opened_at = '2020-01-01' WHERE task_id = $1",
                        taskId));
        return taskId;
    }

    private void tellNothing() {
        command = null;
        freshFrom = null;
        release.countDown();
    }

    private String instance(AgentWake wake) {
        return fleet.bodies("/v1/wakes/" + wake.wakeId() + "/claim")
                .getFirst()
                .path("instance")
                .asText();
    }
}
