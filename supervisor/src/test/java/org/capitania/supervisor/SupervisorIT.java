package org.capitania.supervisor;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.api.WakeView;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A running supervisor with a real store and broker, a gateway played by the test, and the test in the place of the agents. */
@QuarkusTest
@QuarkusTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "supervisor"), @ResourceArg(name = "peers", value = "fake")})
@QuarkusTestResource(QuickTimes.class)
public abstract class SupervisorIT {
    protected static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    protected FakePeers peers;
    protected EventTail chief;

    @BeforeEach
    void begin() throws SQLException {
        // Nothing of another test may wake anyone here: no triggers, no open work, nobody paused.
        sql("""
            BEGIN;
            SELECT * FROM fleet.agents ORDER BY tenant_id, role FOR UPDATE;
            DELETE FROM fleet.routed_events; DELETE FROM fleet.task_events; DELETE FROM fleet.tasks; DELETE FROM fleet.runs;
            DELETE FROM fleet.wakes; DELETE FROM fleet.messages; DELETE FROM fleet.fence_releases;
            UPDATE fleet.leases SET run_id = NULL, expires_at = NULL;
            UPDATE fleet.agents SET triggers = '[]', registered_at = now(), last_seen_at = now(), instance = NULL,
                paused_at = NULL, paused_by = NULL, paused_reason = NULL, paused_until = NULL, starts = 0, start_again_at = NULL, fresh_from = NULL,
                rested_at = NULL;
            COMMIT;
            """);
        peers = FakePeers.listen()
                .on("POST", "/v1/fences", request -> Map.of())
                .on("DELETE", "/v1/fences/.*", request -> Map.of())
                .on("POST", "/v1/heartbeats", request -> Map.of())
                .on("GET", "/q/health/live", request -> Map.of("status", "UP"));
        chief = EventTail.fromNow("hq.agent.chief", "hq.agent.operator", "hq.agent", "hq.owner");
    }

    @AfterEach
    void end() {
        chief.close();
        peers.close();
    }

    /** A conversation no other test has. */
    protected static String conversation() {
        return "c-" + UUID.randomUUID();
    }

    /** A mail of a conversation, as ingest-workers tells of it. */
    protected static String mail(String conversation) {
        return Events.publish(
                "email.received",
                conversation,
                Map.of(
                        "conversation_id",
                        conversation,
                        "answerable",
                        true,
                        "email_id",
                        "e-" + COUNTER.incrementAndGet()));
    }

    protected static void registerChief() {
        register(
                "chief",
                new Trigger("email.received", Map.of("answerable", BooleanNode.TRUE)),
                new Trigger("owner.dm", null));
    }

    protected static void register(String role, Trigger... triggers) {
        as("agent:" + role)
                .body(Json.write(new RegisterAgent(List.of(triggers), role + "-1", "http://127.0.0.1:1", "v1")))
                .post("/v1/agents/" + role + "/register")
                .then()
                .statusCode(200);
    }

    /** Waits for a wake of chief with that many runs behind it. */
    protected AgentWake awaitWake(int attempt) {
        return chief.await(AgentWake.TYPE, event -> event.as(AgentWake.class).attempt() == attempt && ofThisTest(event))
                .as(AgentWake.class);
    }

    /** Whether a wake is in the store: one of an earlier test may be published late, by the relay of a process that has just begun. */
    protected static boolean ofThisTest(Event wake) {
        return !strings("SELECT state FROM fleet.wakes WHERE wake_id = '"
                        + wake.as(AgentWake.class).wakeId() + "'")
                .isEmpty();
    }

    protected static AgentWake claim(AgentWake wake) {
        return Json.read(
                tryClaim(wake, "chief-1").then().statusCode(200).extract().asString(), AgentWake.class);
    }

    protected static Response tryClaim(AgentWake wake, String instance) {
        return as("agent:" + wake.role())
                .body(Json.write(new WakeClaim(wake.runId(), wake.fence(), instance)))
                .post("/v1/wakes/" + wake.wakeId() + "/claim");
    }

    protected static Response heartbeat(AgentWake wake, RunHeartbeat heartbeat) {
        return as("agent:" + wake.role()).body(Json.write(heartbeat)).post("/v1/runs/" + wake.runId() + "/heartbeat");
    }

    protected static RunHeartbeat.Renewed renewed(AgentWake wake, String... taken) {
        return Json.read(
                heartbeat(wake, new RunHeartbeat(wake.fence(), 1L, List.of(taken), null))
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString(),
                RunHeartbeat.Renewed.class);
    }

    protected static Response complete(AgentWake wake, RunComplete.Outcome outcome, TaskOutcome... tasks) {
        return as("agent:" + wake.role())
                .body(Json.write(new RunComplete(wake.fence(), outcome, List.of(tasks), null)))
                .post("/v1/runs/" + wake.runId() + "/complete");
    }

    /** Completes a run whose tasks are all done. */
    protected static void finish(AgentWake wake) {
        complete(
                        wake,
                        RunComplete.Outcome.FINISHED,
                        wake.tasks().stream()
                                .map(task -> new TaskOutcome(task.taskId(), TaskOutcome.Outcome.FINISHED, "done"))
                                .toArray(TaskOutcome[]::new))
                .then()
                .statusCode(200);
    }

    protected static List<String> eventsOf(AgentWake wake) {
        return wake.tasks().stream()
                .flatMap(task -> task.events().stream())
                .map(Event::id)
                .toList();
    }

    protected static List<WakeView> wakes() {
        return Json.read(as("user:owner").get("/v1/wakes?role=chief").asString(), WakeView.Page.class)
                .items();
    }

    protected static WakeView awaitWakeState(String state) {
        return await("a wake that is " + state)
                .atMost(PATIENCE)
                .until(
                        () -> wakes().stream()
                                .filter(w -> w.state().equals(state))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    protected static AgentView agent(String role) {
        return Json.read(as("user:owner").get("/v1/agents/" + role).asString(), AgentView.class);
    }

    /** Waits until the supervisor has written down what it made of an event. */
    protected static void awaitRouted(String eventId) {
        await("a decision about " + eventId)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !strings("SELECT decision FROM fleet.routed_events WHERE event_id = '" + eventId + "'")
                        .isEmpty());
    }

    /** Lets the lease of a role run out now, if it is held. */
    protected static void expireLease(String role) {
        sql("UPDATE fleet.leases SET expires_at = clock_timestamp() - interval '1 second'"
                + " WHERE run_id IS NOT NULL AND tenant_id = 'main' AND role = '" + role + "'");
    }

    protected static io.restassured.specification.RequestSpecification as(String principal) {
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.SUPERVISOR));
    }

    protected static void sql(String statements) {
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    protected static List<String> strings(String query) {
        List<String> values = new ArrayList<>();
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }

    protected static int count(String query) {
        return Integer.parseInt(strings(query).getFirst());
    }
}
