package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeNotices;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.OwnCompany;
import org.capitania.registry.brief.Grades.Graded;
import org.capitania.registry.brief.Grades.Step;
import org.capitania.registry.brief.LearnedFacts.Week;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of which day a brief is, and what it tells of the week before. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class BriefDaysIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    LearnedFacts learned;

    @Inject
    Sql sql;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    /** Whatever the played graph has was made in it, and whatever happens in these tests. */
    private final Week week = new Week(Instant.parse("2026-11-16T00:00:00Z"), now.plusSeconds(600));

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        new FakeNotices(peers);
        Fleet.guardiansLive();
        Fleet.curate("chief", "hq_brief");
        Fleet.curate("operator", "hq_examples_promote");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldDateTheBriefByTheCompanysDayWhereItIsNotThatOfUtc() {
        // Given: it is tomorrow there, or still yesterday
        boolean afternoon = now.atZone(ZoneOffset.UTC).getHour() >= 10;
        ZoneId far = ZoneId.of(afternoon ? "Pacific/Kiritimati" : "Pacific/Pago_Pago");
        LocalDate there = LocalDate.ofInstant(now, far);
        assertThat(there).isNotEqualTo(LocalDate.ofInstant(now, ZoneOffset.UTC));
        OwnCompany.in(graph, far);
        // When
        assertThat(Fleet.wake("chief")
                        .call(
                                "hq_brief",
                                Map.of(
                                        "action",
                                        "write",
                                        "text",
                                        "# Resumo do dia\n\nnada espera por si.",
                                        "headline",
                                        "O seu resumo está pronto: nada espera por si."))
                        .status())
                .isEqualTo(CallStatus.DONE);
        // Then
        assertThat(graph.ofType("memo")).singleElement().satisfies(memo -> {
            assertThat(memo.externalId()).isEqualTo(there.toString());
            assertThat(memo.text("period_start"))
                    .isEqualTo(there.atStartOfDay(far).toInstant().toString());
        });
    }

    @Test
    void shouldTellWhatWasCorrectedAndWhatCameOfIt() {
        // Given
        String agent = "tester-" + UUID.randomUUID();
        NodeView example = graph.add(
                "success_example", "example:" + agent, null, "candidate", Map.of("title", "A reply to Rita"), false);
        NodeView retired = graph.add(
                "success_example", "example:old-" + agent, null, "active", Map.of("title", "An old reply"), false);
        graph.add("playbook", "playbook:" + agent, null, "proposed", Map.of("title", "Late orders"), false);
        graph.add("playbook", "playbook:old-" + agent, null, "archived", Map.of("title", "Long gone"), false);
        NodeView lesson = graph.add(
                "memory_entry",
                "memory:" + agent,
                null,
                "active",
                Map.of("kind", "anti_pattern", "body_md", "Never promise a date that no record holds."),
                true);
        graph.add("memory_entry", "fact:" + agent, Map.of("kind", "fact", "body_md", "Rita bakes."));
        promote(example, "active");
        promote(retired, "retired");
        graduate(agent);
        // When
        Section section = section(week);
        // Then
        JsonNode data = section.data();
        assertThat(figure(data, "decided")).isEqualTo(3);
        assertThat(figure(data, "changed")).isEqualTo(1);
        assertThat(figure(data, "rejected")).isEqualTo(1);
        assertThat(figure(data, "missing_steps")).isEqualTo(1);
        assertThat(data.findValuesAsText("name")).doesNotContain("bad_steps");
        assertThat(figure(data, "playbooks")).isEqualTo(1);
        assertThat(figure(data, "lessons")).isEqualTo(1);
        assertThat(data.path("items").findValuesAsText("title"))
                .containsExactly("A reply to Rita", "Late orders", "Never promise a date that no record holds.");
        assertThat(data.path("items").findValuesAsText("note")).containsExactly("shorter, please", "too early");
        assertThat(data.path("items").findValuesAsText("step")).containsExactly("ask operator first");
        assertThat(data.path("items")
                        .valueStream()
                        .filter(item -> item.path("agent").asText().equals(agent))
                        .map(item -> item.path("granted").asBoolean()))
                .containsExactly(true, false);
        assertThat(section.taints()).containsExactly("node:" + lesson.id());
    }

    @Test
    void shouldSayNothingOfAWeekInWhichNothingWasLearned() {
        JsonNode data = section(new Week(Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2001-01-08T00:00:00Z")))
                .data();

        assertThat(data.path("figures")).isEmpty();
        assertThat(data.path("items")).isEmpty();
    }

    private Section section(Week of) {
        Section section = new Section("learned", "test");
        learned.of(
                SCOPE,
                new Graded(
                        List.of(
                                edit("rewrote", "shorter, please", now),
                                edit("rejected", "too early", now),
                                edit("accepted", "thank you", now),
                                edit("rejected", "in another week", week.from().minusSeconds(1))),
                        List.of(
                                new AnnotationView(
                                        "a-1", "c-1", null, "missing", "ask operator first", "user:owner", now),
                                new AnnotationView(
                                        "a-2",
                                        "c-1",
                                        null,
                                        "bad",
                                        "long ago",
                                        "user:owner",
                                        week.from().minusSeconds(1))),
                        Map.of("c-1", new Step("agent:chief", "email_thread_read", null))),
                of,
                section);
        return section;
    }

    private static Edit edit(String became, String note, Instant at) {
        return new Edit(
                "e", "p", "c-2", "agent:chief", "email_send", became, 0.2, List.of(), note, "user:owner", at, false);
    }

    private static void promote(NodeView example, String status) {
        assertThat(Fleet.wake("operator")
                        .call("hq_examples_promote", Map.of("ref", example.id(), "status", status))
                        .status())
                .isEqualTo(CallStatus.DONE);
    }

    private void graduate(String agent) {
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO graduations (graduation_id, agent, action, granted_by, granted_at, revoked_at, revoked_by)
                        VALUES ($1, $1, 'email_send', 'user:owner', $2, $3, 'user:owner')
                        """, agent, Times.db(now.minusSeconds(60)), Times.db(now)));
    }

    private static int figure(JsonNode data, String name) {
        return data.path("figures")
                .valueStream()
                .filter(figure -> figure.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + data))
                .path("value")
                .asInt();
    }
}
