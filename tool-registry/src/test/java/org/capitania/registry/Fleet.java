package org.capitania.registry;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.FenceRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.testkit.TestTokens;

/** The rest of the fleet as a test plays it: the supervisor that opens runs, and agents that act in them. */
public final class Fleet {
    /** Fences only ever rise, also over several tests on one database. */
    private static final AtomicLong FENCE = new AtomicLong(Instant.now().toEpochMilli());

    private Fleet() {}

    public static RequestSpecification as(String principal) {
        return given().contentType(ContentType.JSON)
                .header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.TOOL_REGISTRY));
    }

    /** Both guardians say that they live. */
    public static void guardiansLive() {
        for (String component : List.of("supervisor", "watchdog")) {
            as("system:" + component)
                    .body(Map.of("component", component))
                    .post("/v1/heartbeats")
                    .then()
                    .statusCode(200);
        }
    }

    public static void curate(String role, String... tools) {
        as("agent:" + role)
                .body(Map.of("tools", List.of(tools), "workspace_version", "1"))
                .post("/v1/agents/{role}/curation", role)
                .then()
                .statusCode(200);
    }

    /** Opens a run with one task. */
    public static Run wake(String role) {
        return open(role, FenceRequest.Kind.RUN);
    }

    public static Run ask(String role) {
        return open(role, FenceRequest.Kind.ASK);
    }

    private static Run open(String role, FenceRequest.Kind kind) {
        String id = UUID.randomUUID().toString();
        return open(
                new Run(role, "run-" + id, FENCE.incrementAndGet(), "task-" + id, "session-" + id, new AtomicInteger()),
                kind);
    }

    /** The task and session of a run that is over go on in another. */
    public static Run resume(Run before) {
        return open(
                new Run(
                        before.role(),
                        "run-" + UUID.randomUUID(),
                        FENCE.incrementAndGet(),
                        before.taskId(),
                        before.sessionId(),
                        before.turn()),
                FenceRequest.Kind.RUN);
    }

    private static Run open(Run run, FenceRequest.Kind kind) {
        FenceRequest fence = new FenceRequest(
                run.role(),
                run.fence(),
                run.runId(),
                kind,
                List.of(run.taskId()),
                List.of(),
                Instant.now().plus(Duration.ofMinutes(5)));
        as("system:supervisor")
                .body(Json.write(fence))
                .post("/v1/fences")
                .then()
                .statusCode(200);
        return run;
    }

    /** A run of an agent. */
    public record Run(String role, String runId, long fence, String taskId, String sessionId, AtomicInteger turn) {

        public String nextCall() {
            return sessionId + ":" + turn.incrementAndGet() + ":0";
        }

        public ToolResult call(String tool, Object arguments) {
            return call(tool, nextCall(), arguments);
        }

        public ToolResult call(String tool, String callId, Object arguments) {
            return read(raw(tool, callId, arguments));
        }

        public Response raw(String tool, String callId, Object arguments) {
            return as("agent:" + role)
                    .body(Json.write(Map.of(
                            "call_id",
                            callId,
                            "session_id",
                            sessionId,
                            "task_id",
                            taskId,
                            "run_id",
                            runId,
                            "fence",
                            fence,
                            "arguments",
                            arguments)))
                    .post("/v1/tools/{tool}/calls", tool);
        }

        public Run withFence(long other) {
            return new Run(role, runId, other, taskId, sessionId, turn);
        }

        public Run withTask(String other) {
            return new Run(role, runId, fence, other, sessionId, turn);
        }

        public Run withRole(String other) {
            return new Run(other, runId, fence, taskId, sessionId, turn);
        }
    }

    /** The code of what was refused or failed; what was not is shown whole. */
    public static String refusal(ToolResult result) {
        if (result.error() == null) {
            throw new AssertionError("it was neither refused nor failed: " + result);
        }
        return result.error().code();
    }

    public static ToolResult owner(String tool, String callId, Object arguments) {
        return read(as("user:owner")
                .body(Json.write(Map.of("call_id", callId, "arguments", arguments)))
                .post("/v1/tools/{tool}/calls", tool));
    }

    private static ToolResult read(Response response) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asString(), ToolResult.class);
    }

    /** The journal's row of a call, as the owner sees it; null when there is none. */
    public static JsonNode action(String callId) {
        Response response = as("user:owner").queryParam("trace", callId).get("/v1/actions");
        if (response.statusCode() == 404) {
            return null;
        }
        for (JsonNode action : Json.read(response.asString(), JsonNode.class).path("actions")) {
            if (action.path("id").asText().equals(callId)) {
                return action;
            }
        }
        return null;
    }

    public static boolean is(ToolResult result, CallStatus status) {
        return result.status() == status;
    }
}
