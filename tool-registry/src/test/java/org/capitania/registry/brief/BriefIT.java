package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.registry.OwnCompany.ZONE;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.AnnotationList;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Projection;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeNotices;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.OwnCompany;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The facts of the brief through the gateway, and the memos that come of them. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class BriefIT {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private FakePeers peers;
    private FakeGraph graph;
    private FakeNotices console;
    private Fleet.Run run;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        OwnCompany.in(graph, ZONE);
        console = new FakeNotices(peers);
        Fleet.guardiansLive();
        Fleet.curate("chief", "hq_brief", "hq_event_log");
        Fleet.curate("operator", "hq_task");
        run = Fleet.wake("chief");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    private static Map<String, Object> page(String text) {
        return Map.of(
                "action",
                "write",
                "text",
                "# Resumo do dia\n\n" + text,
                "headline",
                "O seu resumo está pronto: " + text);
    }

    @Test
    void shouldKeepOneMemoADayAndTellTheOwnerOnce() {
        JsonNode first = done(run.call("hq_brief", page("uma proposta espera por si.")));
        JsonNode again = done(Fleet.wake("chief").call("hq_brief", page("duas propostas esperam por si.")));
        // Then
        assertThat(again.path("id")).isEqualTo(first.path("id"));
        assertThat(first.path("created").asBoolean()).isTrue();
        assertThat(first.path("told").asBoolean()).isTrue();
        assertThat(again.path("created").asBoolean()).isFalse();
        assertThat(again.path("told").asBoolean()).isFalse();
        assertThat(graph.ofType("memo")).singleElement().satisfies(memo -> {
            assertThat(memo.externalId()).isEqualTo(LocalDate.now(ZONE).toString());
            assertThat(memo.status()).isEqualTo("final");
            assertThat(memo.title()).isEqualTo("Resumo do dia");
            assertThat(memo.text("body_md")).contains("duas propostas");
            assertThat(memo.text("period_start"))
                    .isEqualTo(
                            LocalDate.now(ZONE).atStartOfDay(ZONE).toInstant().toString());
            assertThat(Instant.parse(memo.text("period_end"))).isAfterOrEqualTo(now);
        });
        assertThat(console.told()).singleElement().satisfies(notice -> {
            assertThat(notice.text()).startsWith("O seu resumo está pronto: uma proposta");
            assertThat(notice.about().getFirst().id())
                    .isEqualTo(first.path("id").asText());
        });
    }

    @Test
    void shouldAnswerARepeatedCallWithTheFirstMemo() {
        String call = run.nextCall();
        JsonNode first = done(run.call("hq_brief", call, page("nada espera por si.")));

        assertThat(done(run.call("hq_brief", call, page("nada espera por si."))))
                .isEqualTo(first);
        assertThat(peers.requests("POST", "/v1/notifications")).hasSize(1);
    }

    @Test
    void shouldNotBeDeliveredUntilTheOwnerWasTold() {
        console.close(true);
        assertThat(run.call("hq_brief", page("uma proposta espera por si.")).ok())
                .isFalse();
        assertThat(graph.ofType("memo")).extracting(NodeView::status).containsExactly("draft");

        console.close(false);
        assertThat(done(run.call("hq_brief", page("uma proposta ainda espera.")))
                        .path("told")
                        .asBoolean())
                .isTrue();
        assertThat(graph.ofType("memo")).extracting(NodeView::status).containsExactly("final");
    }

    @Test
    void shouldGiveEveryFigureWithItsSourceAndSayWhatCouldNotBeAsked() {
        String step = run.nextCall();
        done(run.call("hq_event_log", step, Map.of("kind", "action", "title", "It was read")));
        playApprovals(step);
        playGraph();
        Fleet.Run maker = Fleet.wake("operator");
        String once = changed(maker, made(maker));
        String twice = changed(maker, made(maker));
        changed(Fleet.wake("operator"), twice);
        // When
        JsonNode facts = done(run.call("hq_brief", Map.of("action", "facts")));
        // Then
        assertThat(facts.path("day").asText()).isEqualTo(LocalDate.now(ZONE).toString());
        assertThat(facts.path("language").asText()).isEqualTo("pt");
        assertThat(facts.path("sections").findValuesAsText("source"))
                .hasSize(onMondays(8))
                .noneMatch(String::isBlank);
        assertThat(figure(facts, "queue", "waiting").path("value").asInt()).isEqualTo(2);
        assertThat(figure(facts, "queue", "oldest").path("value").asDouble()).isBetween(29.9, 30.1);
        assertThat(figure(facts, "queue", "median_age").path("holds").asBoolean(true))
                .isFalse();
        assertThat(section(facts, "queue").at("/items/0/summary").asText()).isEqualTo("A reply to Rita");
        assertThat(figure(facts, "gaps", "missing").path("value").asInt()).isEqualTo(5);
        assertThat(section(facts, "gaps").path("items").findValuesAsText("name"))
                .containsExactly("late", "stale");
        assertThat(section(facts, "gaps").at("/items/0/worst").asText()).isEqualTo("Rita waits");
        assertThat(figure(facts, "pipeline", "value").path("value").asDouble()).isEqualTo(350.5);
        assertThat(section(facts, "pipeline").path("items").findValuesAsText("title"))
                .containsExactly("Shop");
        assertThat(figure(facts, "costs", "month").path("goal").isNumber()).isTrue();
        assertThat(section(facts, "write_conflicts").path("items").findValuesAsText("target"))
                .as("what one task made and changed is none")
                .contains(twice)
                .doesNotContain(once);
        assertThat(section(facts, "missing_steps").at("/items/0/step").asText()).isEqualTo("ask operator first");
        JsonNode act = section(facts, "graduation").at("/items/0");
        assertThat(act.path("act").asText()).isEqualTo("email_send");
        assertThat(act.path("ready").asBoolean(true)).isFalse();
        assertThat(act.path("lacking").toString()).contains("approvals", "rejections", "pinned");
        assertThat(section(facts, "graduation").path("items")).hasSize(1);
        // And: what it read came from outside, so what is written of it is marked
        done(run.call("hq_brief", page("a Rita espera por si.")));
        assertThat(graph.ofType("memo").getFirst().tainted()).isTrue();
        // When: a source is away
        peers.on("GET", "/v1/gaps", r -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the graph is away");
        });
        JsonNode later = done(run.call("hq_brief", Map.of("action", "facts")));
        assertThat(section(later, "gaps").path("unavailable").asText()).contains("the graph is away");
        assertThat(section(later, "queue").has("unavailable")).isFalse();
    }

    @Test
    void shouldCountWhatAnAgentWroteAndTriedToWrite() {
        Fleet.curate("chief", "hq_brief", "file_write");
        int artifacts = used("artifact_edits");
        int violations = used("cross_scope_violations");

        assertThat(run.call("file_write", file("outputs/briefs/")).ok()).isTrue();
        assertThat(run.call("file_write", file("src/")).ok()).isFalse();

        assertThat(used("artifact_edits")).isEqualTo(artifacts + 1);
        assertThat(used("cross_scope_violations")).isEqualTo(violations + 1);
    }

    private static Map<String, Object> file(String folder) {
        return Map.of("path", folder + UUID.randomUUID() + ".md", "content", "It is open on Saturdays.\n");
    }

    private int used(String name) {
        JsonNode facts = done(run.call("hq_brief", Map.of("action", "facts")));
        return figure(facts, "utilization", name).path("value").asInt(-1);
    }

    /** On Mondays the brief has a section more. */
    private static int onMondays(int otherwise) {
        return LocalDate.now(ZONE).getDayOfWeek() == DayOfWeek.MONDAY ? otherwise + 1 : otherwise;
    }

    private void playApprovals(String step) {
        peers.on(
                "GET",
                "/v1/proposals",
                r -> Map.of(
                        "items",
                        List.of(
                                Map.of(
                                        "id",
                                        "p-2",
                                        "summary",
                                        "Another",
                                        "tainted",
                                        false,
                                        "created_at",
                                        now.minus(Duration.ofHours(1))),
                                Map.of(
                                        "id",
                                        "p-1",
                                        "summary",
                                        "A reply to Rita",
                                        "tainted",
                                        true,
                                        "created_at",
                                        now.minus(Duration.ofHours(30))))));
        peers.on("GET", "/v1/reviews", r -> Map.of("items", List.of()));
        peers.on(
                "GET",
                "/v1/edits",
                r -> Map.of("items", List.of(edit("email_send", "rejected"), edit("hq_entity", "accepted"))));
        peers.on(
                "GET",
                "/v1/annotations",
                r -> new AnnotationList(List.of(
                        new AnnotationView("a-0", step, null, "good", null, "user:owner", now.minusSeconds(90)),
                        new AnnotationView(
                                "a-1",
                                step,
                                null,
                                "missing",
                                "ask operator first",
                                "user:owner",
                                now.minusSeconds(60)))));
    }

    private JsonNode edit(String tool, String became) {
        return Json.read("""
                {"id":"d","proposal_id":"p","action_id":"call","agent":"agent:chief","tool":"%s","edit_type":"%s","changes":[],
                 "edited_by":"user:owner","edited_at":"%s"}
                """.formatted(tool, became, now.minusSeconds(60)), JsonNode.class);
    }

    private void playGraph() {
        peers.on(
                "GET",
                "/v1/gaps",
                r -> new Gap.Summaries(
                        List.of(
                                new Gap.Summary("none", "Nothing", "chief", 0, null, null, null),
                                new Gap.Summary("stale", "Stale", "operator", 3, "nice", now, 60L),
                                new Gap.Summary("late", "Late", "chief", 2, "blocker", now, 60L)),
                        now));
        peers.on(
                "GET",
                "/v1/gaps/([^/]+)",
                r -> new Gap.Page(
                        r.groups().getFirst(),
                        "A gap",
                        "chief",
                        List.of(new Gap("blocker", now, 60, List.of("n-1"), "intent", "intent:a", "Rita waits", true)),
                        null));
        NodeView shop = graph.add("engagement", "engagement:" + UUID.randomUUID(), Map.of("name", "Shop"));
        peers.on(
                "GET",
                "/v1/projections/pipeline",
                r -> new Projection("pipeline", now, List.of(deal(shop.id(), 100, 30), deal("gone", 250.5, 0)), null));
    }

    private static JsonNode deal(String id, double value, double atRisk) {
        return Json.tree(Map.of(
                "engagement_id",
                id,
                "stage",
                "proposal",
                "currency",
                "EUR",
                "value",
                value,
                "forecast",
                10,
                "age_days",
                3,
                "revenue_at_risk",
                atRisk,
                "risk_signals",
                List.of("quiet")));
    }

    private static String made(Fleet.Run run) {
        return done(run.call("hq_task", Map.of("action", "create", "title", "Send the list")))
                .path("id")
                .asText();
    }

    private static String changed(Fleet.Run run, String task) {
        done(run.call("hq_task", Map.of("action", "update", "ref", task, "title", "Send the list today")));
        return task;
    }

    private static JsonNode section(JsonNode facts, String name) {
        return facts.path("sections")
                .valueStream()
                .filter(section -> section.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode figure(JsonNode facts, String section, String name) {
        return section(facts, section)
                .path("figures")
                .valueStream()
                .filter(figure -> figure.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + facts));
    }

    private static JsonNode done(ToolResult result) {
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }
}
