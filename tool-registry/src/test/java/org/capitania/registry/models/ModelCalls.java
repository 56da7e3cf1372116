package org.capitania.registry.models;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.inject.spi.CDI;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.TestTokens;

/** Calls of models as an agent's process makes them, and the books that the gateway keeps of them. */
record ModelCalls(Sql sql) {
    static final String MESSAGES = "/v1/models/anthropic/v1/messages";
    static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    /** Nothing was spent today, and no provider was asked anything. */
    void freshDay() {
        WorkspaceBudgets.ROLES.forEach(ModelCalls::settled);
        // Yesterday's money does not count.
        sql.run(
                SCOPE,
                tx -> tx.execute("UPDATE model_reservations SET day = current_date - 2 WHERE day >= current_date - 1"));
        sql.run(
                SCOPE,
                tx -> tx.execute("UPDATE requested_reviews SET over_at = clock_timestamp() WHERE over_at IS NULL"));
        sql.run(SCOPE, tx -> tx.execute("DELETE FROM provider_pace"));
        sql.run(SCOPE, tx -> tx.execute("UPDATE provider_windows SET ends_at = clock_timestamp()"));
        FakeProvider.reset();
    }

    /** What the gateway tells the supervisor about an agent. */
    static BudgetStanding standing(String role) {
        return Json.read(
                Fleet.as("system:supervisor")
                        .get("/v1/budgets/" + role)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString(),
                BudgetStanding.class);
    }

    static RequestSpecification call(Fleet.Run run, String callId, String model, int maxTokens) {
        return headers(run, callId).body(body(callId, model, maxTokens));
    }

    static String body(String callId, String model, int maxTokens) {
        return Json.write(Map.of(
                "model", model, "max_tokens", maxTokens, "messages", List.of(), "metadata", Map.of("user_id", callId)));
    }

    /** The same by a client that shows how the answer comes. */
    static HttpRequest raw(Fleet.Run run, String callId, String model) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + MESSAGES))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + TestTokens.bearer("agent:" + run.role(), Service.TOOL_REGISTRY))
                .header("Content-Type", "application/json")
                .header("X-HQ-Session", run.sessionId())
                .header("X-HQ-Task", run.taskId())
                .header("X-HQ-Run", run.runId())
                .header("X-HQ-Fence", Long.toString(run.fence()))
                .header("X-HQ-Call", callId)
                .POST(BodyPublishers.ofString(body(callId, model, 4000)))
                .build();
    }

    static HttpClient http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    static RequestSpecification headers(Fleet.Run run, String callId) {
        return Fleet.as("agent:" + run.role())
                .header("X-HQ-Session", run.sessionId())
                .header("X-HQ-Task", run.taskId())
                .header("X-HQ-Run", run.runId())
                .header("X-HQ-Fence", run.fence())
                .header("X-HQ-Call", callId);
    }

    /** What an agent was answered is settled. */
    static void settled(String agent) {
        CDI.current().select(Settlements.class).get().await(SCOPE, agent);
    }

    BigDecimal spent(String agent) {
        settled(agent);
        return sql.tx(
                SCOPE,
                tx -> tx.one(
                                "SELECT coalesce(sum(spent_usd), 0) AS s FROM model_reservations WHERE agent = $1 AND day >= current_date",
                                agent)
                        .orElseThrow()
                        .getBigDecimal("s"));
    }

    BigDecimal taken(String agent) {
        settled(agent);
        return sql.tx(
                SCOPE,
                tx -> tx.one(
                                "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS s FROM model_reservations WHERE agent = $1 AND day >= current_date",
                                agent)
                        .orElseThrow()
                        .getBigDecimal("s"));
    }

    long open(String agent) {
        settled(agent);
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT count(*) AS n FROM model_reservations WHERE agent = $1 AND status = 'open'", agent)
                        .orElseThrow()
                        .getLong("n"));
    }

    List<JsonNode> llmCalls(String task) {
        List<JsonNode> calls = new ArrayList<>();
        sql.run(
                SCOPE,
                tx -> tx.query("SELECT body::text AS body FROM llm_calls WHERE task_id = $1", task)
                        .forEach(row -> calls.add(Json.read(row.getString("body"), JsonNode.class))));
        return calls;
    }
}
