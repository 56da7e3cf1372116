package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeNotices;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The notes before meetings with people from outside: one a meeting, and the owner is told of it once for each time it has. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class MeetingNotesIT extends AmongPeers {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private FakeNotices console;
    private Fleet.Run run;

    @BeforeEach
    void wake() {
        graph.add(
                "entity",
                "entity:own-" + UUID.randomUUID(),
                Map.of(
                        "name", "Mare",
                        "relationship", "own",
                        "domains", List.of("mare.example"),
                        "language", "pt",
                        "timezone", "Europe/Lisbon"));
        console = new FakeNotices(peers);
        Fleet.curate("chief", "hq_brief");
        run = Fleet.wake("chief");
    }

    private NodeView meeting(Instant start) {
        return graph.add(
                "event",
                "event:" + UUID.randomUUID(),
                null,
                "planned",
                Map.of("title", "Conversa", "kind", "calendar", "starts_at", start.toString()),
                true);
    }

    private static Map<String, Object> note(String event) {
        return Map.of(
                "action",
                "write",
                "text",
                "# Conversa\n\nA Rita vem falar da encomenda de pão.",
                "headline",
                "A página para a conversa com a Rita está pronta.",
                "event",
                event);
    }

    private static JsonNode done(ToolResult result) {
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }

    private static boolean told(JsonNode answer) {
        return answer.path("told").asBoolean();
    }

    @Test
    void shouldKeepOneNoteAMeetingAndTellAgainWhenItMoves() {
        Instant start = now.plus(Duration.ofHours(3));
        NodeView rita = graph.add(
                "contact",
                "contact:" + UUID.randomUUID(),
                "rita@padaria.example",
                "active",
                Map.of("name", "Rita", "email", "rita@padaria.example"),
                false);
        NodeView talk = meeting(start);
        graph.link("has_participant", talk.id(), rita.id());
        near(talk, start);
        // When
        JsonNode first = done(run.call("hq_brief", note(talk.slug())));
        JsonNode same = done(run.call("hq_brief", note(talk.slug())));
        graph.touch(talk.id(), Map.of("starts_at", start.plusSeconds(3600).toString()));
        near(talk, start.plusSeconds(3600));
        console.close(true);
        assertThat(run.call("hq_brief", note(talk.slug())).ok()).isFalse();
        assertThat(graph.ofType("memo")).extracting(NodeView::status).containsExactly("draft");
        console.close(false);
        JsonNode moved = done(run.call("hq_brief", note(talk.slug())));
        // Then
        assertThat(List.of(same.path("id"), moved.path("id"))).containsOnly(first.path("id"));
        assertThat(List.of(first, same, moved))
                .extracting(MeetingNotesIT::told)
                .as("also when the console did not take it at first")
                .containsExactly(true, false, true);
        assertThat(graph.ofType("memo")).singleElement().satisfies(memo -> {
            assertThat(memo.externalId()).isEqualTo(talk.id());
            assertThat(memo.status()).isEqualTo("final");
            assertThat(memo.text("period_start"))
                    .isEqualTo(start.plusSeconds(3600).toString());
        });
        assertThat(graph.edges())
                .contains(new FakeGraph.Edge("about", first.path("id").asText(), rita.id()));
        assertThat(Fleet.refusal(run.call("hq_brief", note("x")))).isEqualTo("not_found");
    }

    @Test
    void shouldTellTheOwnerOfNoNoteForAMeetingThatIsNotNear() {
        NodeView talk = meeting(now.plus(Duration.ofDays(9)));
        // When
        JsonNode early = done(run.call("hq_brief", note(talk.slug())));
        // Then
        assertThat(told(early)).isFalse();
        assertThat(peers.requests("POST", "/v1/notifications")).isEmpty();
        assertThat(graph.ofType("memo")).extracting(NodeView::status).containsExactly("draft");
        // And when it is
        near(talk, now.plus(Duration.ofDays(9)));
        assertThat(told(done(run.call("hq_brief", note(talk.slug()))))).isTrue();
        assertThat(graph.ofType("memo")).extracting(NodeView::status).containsExactly("final");
    }

    /** As if chief had been woken for it. */
    private void near(NodeView meeting, Instant start) {
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO meeting_notices (meeting, event_id, starts_at) VALUES ($1, $1, $2)
                ON CONFLICT (tenant_id, meeting) DO UPDATE SET starts_at = excluded.starts_at
                """, meeting.id(), Times.db(start)));
    }
}
