package org.capitania.registry.autonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.AutonomyView;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.AutonomyFrozen;
import org.capitania.contract.event.AutonomyThawed;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The emergency stop: what it stops, for whom, until when, and what goes on. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class AutonomyIT {
    private static final Map<String, Object> LOG = Map.of("kind", "action", "title", "Called the bakery");
    private static final String REASON = "a customer got a mail meant for another";

    @Inject
    Sql sql;

    @Inject
    Autonomy autonomy;

    @Inject
    CommitListeners commits;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate("chief", "hq_search", "hq_event_log", "email_send", "email_thread_read");
        Fleet.curate("operator", "hq_search", "hq_event_log", "hq_autonomy");
    }

    @AfterEach
    void thawAndStopPeers() {
        try {
            thaw();
        } finally {
            peers.close();
        }
    }

    @Test
    void shouldRefuseEveryChangeWhenFrozenUntilTheOwnerThaws() {
        try (EventTail events = EventTail.fromNow("hq.autonomy", "hq.ledger.actions")) {
            // Given
            Fleet.Run chief = Fleet.wake("chief");
            FakeGraph.Thread thread = graph.thread("Delivery");
            String id = freeze(null);
            // Then: no change of any agent, with the reason; reads go on
            for (ToolResult refused : List.of(
                    chief.call("hq_event_log", LOG),
                    chief.call("email_send", thread.answer("Now.")),
                    Fleet.wake("operator").call("hq_event_log", LOG))) {
                assertThat(code(refused)).isEqualTo("autonomy_frozen");
                assertThat(refused.error().message()).contains(REASON, "user:owner");
                assertThat(refused.error().hint()).contains("owner");
            }
            assertThat(graph.ofType("event")).isEmpty();
            assertThat(chief.call("hq_search", Map.of("query", "bakery")).status())
                    .isEqualTo(CallStatus.DONE);
            assertThat(Fleet.wake("operator")
                            .call("hq_autonomy", Map.of("action", "status"))
                            .data()
                            .path("summary")
                            .asText())
                    .contains(REASON);
            // And: people are not stopped
            assertThat(Fleet.owner("hq_event_log", "owner-" + UUID.randomUUID(), LOG)
                            .status())
                    .isEqualTo(CallStatus.DONE);
            // When: others try to thaw
            assertThat(code(Fleet.wake("operator").call("hq_autonomy", Map.of("action", "thaw"))))
                    .isIn("not_granted", "denied");
            assertThat(as("user:ana", Map.of("action", "thaw"))
                            .at("/error/code")
                            .asText())
                    .isEqualTo("denied");
            assertThat(view().frozen()).isTrue();
            // When: the owner does
            thaw();
            // Then
            assertThat(view().frozen()).isFalse();
            assertThat(chief.call("hq_event_log", LOG).status()).isEqualTo(CallStatus.DONE);
            assertThat(events.await(AutonomyFrozen.TYPE).as(AutonomyFrozen.class))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(REASON))
                    .satisfies(e -> assertThat(e.by()).isEqualTo("user:owner"));
            assertThat(events.await(AutonomyThawed.TYPE)
                            .as(AutonomyThawed.class)
                            .freezeIds())
                    .containsExactly(id);
            events.await(
                    "ledger.action",
                    e -> e.data().path("call_id").asText().equals(id)
                            && e.data().path("status").asText().equals("done"));
        }
    }

    @Test
    void shouldThawByItselfWhenItsTimeIsOver() {
        try (EventTail events = EventTail.fromNow("hq.autonomy", "hq.ledger.actions")) {
            // Given
            Fleet.Run chief = Fleet.wake("chief");
            String id = freeze(Instant.now().plus(Duration.ofSeconds(2)));
            assertThat(code(chief.call("hq_event_log", LOG))).isEqualTo("autonomy_frozen");
            // Then
            await().atMost(Duration.ofSeconds(10)).until(() -> !view().frozen());
            assertThat(chief.call("hq_event_log", LOG).status()).isEqualTo(CallStatus.DONE);
            assertThat(events.await(AutonomyThawed.TYPE)
                            .as(AutonomyThawed.class)
                            .by())
                    .isEqualTo("system:clock");
            events.await("ledger.action", e -> e.key().equals("thaw:" + id));
        }
        assertThat(code(freezeResult("late-" + UUID.randomUUID(), Instant.parse("2020-01-01T00:00:00Z"))))
                .isEqualTo("schema_violation");
    }

    @Test
    void shouldWakeNobodyWhenNoFreezeIsOver() {
        // Given: whoever commits tells its listeners on its own thread
        Thread here = Thread.currentThread();
        AtomicInteger told = new AtomicInteger();
        commits.add(() -> told.addAndGet(Thread.currentThread() == here ? 1 : 0));
        Scope scope = Scope.of("main", "system:tool-registry", "test");
        // When
        autonomy.expire(scope);
        // Then
        assertThat(told).hasValue(0);
        // When: something is told
        autonomy.freeze(scope, "freeze-" + UUID.randomUUID(), REASON, null);
        // Then
        assertThat(told).hasValue(1);
    }

    @Test
    void shouldStayFrozenWhenOneOfTwoFreezesIsOver() {
        Fleet.Run chief = Fleet.wake("chief");
        freeze(null);
        freeze(Instant.now().plus(Duration.ofSeconds(1)));
        await().atMost(Duration.ofSeconds(10)).until(() -> view().freezes().size() == 1);
        assertThat(code(chief.call("hq_event_log", LOG))).isEqualTo("autonomy_frozen");
    }

    @Test
    void shouldStopAChangeThatIsWaitingWhenFrozenMeanwhile() throws Exception {
        // Given: admitted, and the graph is away
        Fleet.Run chief = Fleet.wake("chief");
        String id = chief.nextCall();
        graph.down(true);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Integer> answer =
                    threads.submit(() -> chief.raw("hq_event_log", id, LOG).statusCode());
            await().until(() -> peers.requests("POST", "/v1/mutations").size() >= 2);
            assertThat(view().openChanges()).isPositive();
            // When
            freeze(null);
            graph.down(false);
            // Then
            assertThat(answer.get()).isEqualTo(403);
        }
        int tries = peers.requests("POST", "/v1/mutations").size();
        assertThat(code(chief.call("hq_event_log", id, LOG))).isEqualTo("autonomy_frozen");
        assertThat(peers.requests("POST", "/v1/mutations")).hasSize(tries);
        assertThat(graph.ofType("event")).isEmpty();
        // And: the call is still its own, and is done once when it may be
        thaw();
        assertThat(chief.call("hq_event_log", id, LOG).status()).isEqualTo(CallStatus.DONE);
        assertThat(graph.ofType("event")).hasSize(1);
    }

    @Test
    void shouldLeaveNothingBehindWhenFrozenWhileASessionCloses() throws Exception {
        // Given: it is being closed, and the graph is away
        Fleet.Run chief = Fleet.wake("chief");
        Map<String, Object> close = Map.of(
                "role",
                "chief",
                "task_id",
                chief.taskId(),
                "run_id",
                chief.runId(),
                "fence",
                chief.fence(),
                "reason",
                "done",
                "outcome",
                "failed",
                "summary",
                "Nothing was left.",
                "memory",
                List.of(),
                "memory_entry_count",
                0,
                "turns",
                List.of());
        graph.down(true);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Integer> answer = threads.submit(() -> Fleet.as("agent:chief")
                    .body(Json.write(close))
                    .post("/v1/sessions/{id}/close", chief.sessionId())
                    .statusCode());
            await().until(() -> peers.requests("POST", "/v1/mutations").size() >= 2);
            // When
            freeze(null);
            graph.down(false);
            // Then
            assertThat(answer.get()).isEqualTo(403);
        }
        assertThat(graph.ofType("agent_session")).isEmpty();
    }

    @Test
    void shouldCommitNoIntentAfterAFreezeWasAnswered() throws Exception {
        // Given: agents that write as fast as they can
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Integer>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (String role : List.of("chief", "operator")) {
                Fleet.Run run = Fleet.wake(role);
                for (int i = 0; i < 3; i++) {
                    writers.add(threads.submit(() -> {
                        int done = 0;
                        while (!over.get()) {
                            done += run.call("hq_event_log", LOG).status() == CallStatus.DONE ? 1 : 0;
                        }
                        return done;
                    }));
                }
            }
            await().until(() -> graph.ofType("event").size() > 20);
            // When
            String id = freeze(null);
            int written = graph.ofType("event").size();
            // Then: whatever was admitted came before the freeze
            await().until(() -> view().openChanges() == 0);
            int admittedLater = sql.tx(
                    Scope.of("main", "system:tool-registry", "test"),
                    tx -> tx.one("""
                                    SELECT count(*)::int AS n FROM calls c JOIN freezes f ON f.freeze_id = $1
                                     WHERE starts_with(c.actor, 'agent:') AND c.idempotency NOT IN ('read', 'none') AND c.started_at > f.frozen_at
                                    """, id).orElseThrow().getInteger("n"));
            assertThat(admittedLater).isZero();
            assertThat(graph.ofType("event").size()).isLessThanOrEqualTo(written + 6);
            over.set(true);
        }
        for (Future<Integer> writer : writers) {
            assertThat(writer.get()).isPositive();
        }
    }

    @Test
    void shouldEndTheLoopAtOnceWhenItIsKilled() {
        // Given
        peers.on(Service.SUPERVISOR, "POST", "/v1/agents/chief/pause", r -> Map.of("role", "chief"));
        Fleet.Run chief = Fleet.wake("chief");
        Fleet.Run operator = Fleet.wake("operator");
        // When
        ToolResult killed = kill("chief");
        // Then
        assertThat(killed.status()).isEqualTo(CallStatus.DONE);
        assertThat(killed.data().path("runs_ended"))
                .extracting(JsonNode::asText)
                .contains(chief.runId());
        assertThat(killed.data().path("paused")).extracting(JsonNode::asText).containsExactly("chief");
        assertThat(peers.requests("POST", "/v1/agents/chief/pause").getFirst().onBehalfOf())
                .isEqualTo("user:owner");
        assertThat(code(chief.call("hq_search", Map.of("query", "x")))).isEqualTo("fenced");
        assertThat(operator.call("hq_event_log", LOG).status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldEndTheLoopAllTheSameWhenTheSupervisorIsAway() {
        peers.on(Service.SUPERVISOR, "POST", "/v1/agents/chief/pause", r -> {
            throw new CapitaniaException(ErrorCode.INTERNAL, "away");
        });
        Fleet.Run chief = Fleet.wake("chief");
        ToolResult killed = kill("chief");
        assertThat(killed.data().at("/not_paused/0/role").asText()).isEqualTo("chief");
        assertThat(code(chief.call("hq_event_log", LOG))).isEqualTo("fenced");
        assertThat(code(kill("playbook"))).isEqualTo("not_available_yet");
    }

    private static ToolResult kill(String loop) {
        return Fleet.owner(
                "hq_autonomy",
                "kill-" + UUID.randomUUID(),
                Map.of("action", "kill", "loop", loop, "reason", "it goes round in circles"));
    }

    private static String freeze(Instant until) {
        String id = "freeze-" + UUID.randomUUID();
        assertThat(freezeResult(id, until).status()).isEqualTo(CallStatus.DONE);
        return id;
    }

    private static ToolResult freezeResult(String id, Instant until) {
        return Fleet.owner(
                "hq_autonomy",
                id,
                until == null
                        ? Map.of("action", "freeze", "reason", REASON)
                        : Map.of("action", "freeze", "reason", REASON, "until", until.toString()));
    }

    private static void thaw() {
        ToolResult thawed = Fleet.owner("hq_autonomy", "thaw-" + UUID.randomUUID(), Map.of("action", "thaw"));
        assertThat(thawed.status()).isEqualTo(CallStatus.DONE);
    }

    private static AutonomyView view() {
        return Json.read(Fleet.as("agent:chief").get("/v1/autonomy").asString(), AutonomyView.class);
    }

    private static JsonNode as(String person, Map<String, Object> arguments) {
        String body = Json.write(Map.of("arguments", arguments));
        return Json.read(
                Fleet.as(person).body(body).post("/v1/tools/hq_autonomy/calls").asString(), JsonNode.class);
    }

    private static String code(ToolResult result) {
        return result.error() == null ? result.status().name() : result.error().code();
    }
}
