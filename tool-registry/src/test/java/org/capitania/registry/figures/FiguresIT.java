package org.capitania.registry.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.FiguresView;
import org.capitania.contract.api.FiguresView.Figure;
import org.capitania.contract.api.FiguresView.WriteConflict;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.CompanyZone;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class FiguresIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    @Inject
    CompanyZone zones;

    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        peers.on("GET", "/v1/stats/work", r -> new GraphStats.Work(10, 9, 3, 13.26, 0, null, 5, 3));
        Fleet.curate("operator", "hq_task");
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldTellTheSixFiguresWithTheirSources() {
        // Given: the loop was run two evenings of three, on two more nothing had happened, and of two tasks one passed
        // its first review that came to an end
        ZoneId zone = zones.of("main").orElseGet(() -> zones.known("main"));
        evening(zone, 5, true);
        evening(zone, 3, true);
        evening(zone, 2, false);
        String first = "first-" + UUID.randomUUID();
        review(first, null);
        review(first, "pass");
        review(first, "changes");
        String second = "second-" + UUID.randomUUID();
        review(second, "changes");
        review(second, "pass");
        review("never-" + UUID.randomUUID(), null);
        // When
        FiguresView view = view();
        // Then
        assertThat(view.figures())
                .extracting(Figure::name, Figure::value, Figure::unit, Figure::goal, Figure::holds)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("task_completion_rate_30d", 0.9, "ratio", "> 0.85", true),
                        org.assertj.core.groups.Tuple.tuple(
                                "code_review_pass_rate_first_attempt", 0.5, "ratio", "> 0.7", false),
                        org.assertj.core.groups.Tuple.tuple("kb_ingest_freshness", 0.0, "hours", "< 24.0", null),
                        org.assertj.core.groups.Tuple.tuple(
                                "graph_gap_resolution_p50_hours", 13.3, "hours", "< 12.0", false),
                        org.assertj.core.groups.Tuple.tuple(
                                "success_example_promotion_rate_30d", 0.6, "ratio", "> 0.6", false),
                        org.assertj.core.groups.Tuple.tuple(
                                "learning_loop_completion", 0.667, "ratio", ">= 1.0", false));
        assertThat(view.figures()).extracting(Figure::source).noneMatch(String::isBlank);
        // And: what was not measured says so, by name
        JsonNode wire =
                Json.read(Fleet.as("user:owner").get("/v1/figures/operator").asString(), JsonNode.class);
        assertThat(wire.at("/figures/2/holds").isNull()).isTrue();
        assertThat(wire.has("write_conflicts")).isTrue();
    }

    @Test
    void shouldFlagARecordThatTwoTasksChanged() {
        // Given: made in one task and handed on to the next, which is no conflict
        Instant since = Instant.now();
        Fleet.Run first = Fleet.wake("operator");
        ToolResult made = first.call("hq_task", Map.of("action", "create", "title", "Count the books"));
        String task = made.data().path("id").asText();
        Fleet.Run second = Fleet.wake("operator");
        String one = update(second, task, "now");
        String two = update(second, task, "next");
        assertThat(conflicts(since, task)).isNull();
        // When
        String three = update(Fleet.wake("operator"), task, "focus");
        // Then
        WriteConflict conflict = conflicts(since, task);
        assertThat(conflict.calls()).containsExactly(two, three).doesNotContain(one);
        assertThat(conflict.actors()).containsExactly("operator");
        assertThat(conflict.title()).isEqualTo("Count the books");
        assertThat(conflict.at()).isAfter(since);
        assertThat(conflicts(Instant.now(), task)).isNull();
    }

    @Test
    void shouldAnswerPeopleAndServicesOfTheTenantOnly() {
        assertThat(Fleet.as("agent:operator").get("/v1/figures/operator").statusCode())
                .isEqualTo(403);
        assertThat(Fleet.as("system:approval-service")
                        .get("/v1/figures/operator")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Fleet.as("user:owner")
                        .get("/v1/figures/operator?since=yesterday")
                        .statusCode())
                .isEqualTo(400);
        String elsewhere = io.restassured.RestAssured.given()
                .header(
                        "Authorization",
                        "Bearer " + TestTokens.bearer("user:elsewhere", Service.TOOL_REGISTRY, "other"))
                .get("/v1/figures/operator?since=2020-01-01T00:00:00Z")
                .asString();
        assertThat(Json.read(elsewhere, FiguresView.class).writeConflicts()).isEmpty();
    }

    private static FiguresView view() {
        return Json.read(Fleet.as("user:owner").get("/v1/figures/operator").asString(), FiguresView.class);
    }

    private static WriteConflict conflicts(Instant since, String target) {
        return Json.read(
                        Fleet.as("user:owner")
                                .get("/v1/figures/operator?since=" + since)
                                .asString(),
                        FiguresView.class)
                .writeConflicts()
                .stream()
                .filter(conflict -> conflict.target().equals(target))
                .findFirst()
                .orElse(null);
    }

    private static String update(Fleet.Run run, String task, String priority) {
        String callId = run.nextCall();
        ToolResult result = run.call("hq_task", callId, Map.of("action", "update", "ref", task, "priority", priority));
        assertThat(result.ok()).as("%s", result).isTrue();
        return callId;
    }

    private void evening(ZoneId zone, int daysAgo, boolean closed) {
        Instant at = ZonedDateTime.now(zone)
                .minusDays(daysAgo)
                .withHour(22)
                .withMinute(5)
                .toInstant();
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        """
                        INSERT INTO sessions (session_id, task_id, role, run_id, trigger, header, opened_at, closed_at)
                        VALUES ($1, $1, 'operator', 'r', '{"type": "beat.fired.operator_learning"}', '', $2, $3)
                        """,
                        "learning-" + UUID.randomUUID(),
                        Times.db(at),
                        closed ? Times.db(at.plusSeconds(60)) : null));
    }

    private void review(String task, String verdict) {
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO sessions (session_id, task_id, role, run_id, header, parent_session_id, parent_call_id, subagent, tools, verdict)
                        VALUES ($1, $2, 'operator', 'r', '', 's', $1, 'code-reviewer', '{}', $3)
                        """, "review-" + UUID.randomUUID(), task, verdict));
    }
}
