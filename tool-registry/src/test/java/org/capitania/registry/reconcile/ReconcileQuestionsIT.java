package org.capitania.registry.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.capitania.contract.Json;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.registry.FakeProvider;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** What a person is asked about the graph, and what an answer does. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ReconcileQuestionsIT extends ReconcileSetting {

    @Test
    void shouldAskOnceAboutAnUnsurePairAndDoAsAPersonAnswers() {
        NodeView third = graph.add("entity", "entity-frame-" + tag, Map.of("name", "Frame"));
        Pair one = pair(goes, stays, 0.7);
        Pair two = pair(third, stays, 0.6, "tax_id");
        pairs = List.of(one, two);
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // When: a model is not sure, or is in spite of what contradicts
            assertThat(judge(one, "unsure", 1)).containsExactly("asked");
            assertThat(judge(two, "same", 0.95)).containsExactly("asked");
            assertThat(states()).containsExactly("asked", "asked");
            // Then
            ReviewRequested same = asked(events, goes);
            assertThat(same.title()).isEqualTo("Are “Frama, Lda” and “Frama” the same company?");
            assertThat(same.detail()).contains("70 of 100: the same mail domain frama.com", goes.slug(), stays.slug());
            assertThat(same.options()).extracting(Option::id).containsExactly("same", "different");
            // When: one is the same, the other is not, whatever speaks for it later, and whichever goes
            answer(same, "same");
            ReviewRequested different = asked(events, third);
            assertThat(different.detail())
                    .contains(
                            "they differ in tax id.", "says that they are the same, 95 of 100: They have one address.");
            answer(different, "different");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(states()).hasSize(1).doesNotContain("asked"));
            pairs = List.of(one, pair(stays, third, 0.95));
            JsonNode items = reconcile(Map.of()).path("duplicates");
            // Then
            assertThat(items).hasSize(1);
            assertThat(items.path(0).path("state").asText()).isEqualTo("waiting");
            assertThat(frozen(items.path(0).path("proposal_id").asText())
                            .rendering()
                            .body())
                    .contains("A person said that they are the same. Found by the nightly comparison, 70 of 100");
            // And: another question is taken back when it is none any more, and each was asked once
            Pair three = pair(third, goes, 0.6);
            pairs = List.of(three);
            assertThat(judge(three, "different", 0.5)).containsExactly("asked");
            pairs = List.of();
            assertThat(states()).isEmpty();
            events.await(
                    ReviewWithdrawn.TYPE,
                    e -> e.key().contains(goes.id()) && e.key().contains(third.id()));
            assertThat(events.ofType(ReviewRequested.TYPE)).hasSize(3);
        }
    }

    @Test
    void shouldDoWhatWasAnsweredForTheQuestionThatIsNamedAlone() {
        Pair one = pair(goes, stays, 0.7);
        NodeView third = graph.add("entity", "entity-frame-" + tag, Map.of("name", "Frame"));
        pairs = List.of(one, pair(third, stays, 0.88));
        NodeView rita = graph.add("contact", "contact-rita-" + tag, Map.of("name", "Rita"));
        faults = List.of(fault("archived", rita, goes, "to", null), fault("archived", rita, stays, "to", null));
        try (EventTail events = EventTail.fromNow("hq.review")) {
            assertThat(judge(one, "unsure", 1)).containsExactly("asked");
            assertThat(reconcile(Map.of("limit", 0)).path("edges")).hasSize(2);
            ReviewRequested same = asked(events, goes.id());
            ReviewRequested still = asked(events, faults.getFirst().edgeId());
            // When
            answer(same, "same");
            answer(still, "end");
            // Then
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                JsonNode found = reconcile(Map.of("refs", List.of(same.subject())));
                assertThat(found.path("edges")).isEmpty();
                assertThat(states(found)).hasSize(1).isSubsetOf("proposed", "waiting");
            });
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                JsonNode found = reconcile(Map.of("refs", List.of(still.subject())));
                assertThat(found.path("duplicates")).isEmpty();
                assertThat(found.path("edges"))
                        .singleElement()
                        .satisfies(edge ->
                                assertThat(edge.path("mended").asBoolean()).isTrue());
            });
        }
        // And: the other question was not taken back by a look that did not name it
        assertThat(states()).contains("proposed");
        assertThat(edges()).extracting(edge -> edge.path("asked").asBoolean()).contains(true);
    }

    @Test
    void shouldAskNoMoreThanAPersonAnswers() {
        pairs = IntStream.range(0, 12)
                .mapToObj(i -> pair(graph.add("entity", "entity-" + i + "-" + tag, Map.of("name", "N")), stays, 0.6))
                .toList();
        assertThat(states()).filteredOn("judge"::equals).hasSize(10);
        List<String> states = pairs.stream()
                .flatMap(pair -> judge(pair, "unsure", 0.5).stream())
                .toList();
        assertThat(states).filteredOn("asked"::equals).hasSize(10);
        assertThat(states).filteredOn("left"::equals).hasSize(2);
        pairs = List.of();
        assertThat(states()).isEmpty();
    }

    @Test
    void shouldMendEdgesAsAPersonAnswers() {
        // Given
        pairs = List.of();
        NodeView rita = graph.add("contact", "contact-rita-" + tag, Map.of("name", "Rita"));
        peers.on(
                "GET",
                "/v1/nodes/" + rita.id() + "/edges",
                r -> new EdgeView.Page(
                        List.of(new EdgeView(
                                "e",
                                "works_for",
                                EdgeView.Direction.OUT,
                                brief(goes),
                                Json.tree(Map.of("role", "buyer", "primary", true)),
                                Instant.EPOCH,
                                null,
                                1,
                                false)),
                        null));
        Fault primaries = fault("two_primaries", rita, stays, null, goes);
        Fault circle = fault("circle", goes, stays, null, null);
        Fault archived = fault("archived", rita, goes, "to", null);
        faults = List.of(primaries, circle, archived, fault("archived", rita, stays, "to", null));
        try (EventTail events = EventTail.fromNow("hq.review")) {
            assertThat(edges()).hasSize(4).allMatch(edge -> edge.path("asked").asBoolean());
            ReviewRequested which = asked(events, primaries.edgeId());
            assertThat(which.title()).isEqualTo("Which company comes first for “Rita”?");
            assertThat(which.options())
                    .extracting(Option::id, Option::label)
                    .containsExactly(
                            tuple("first", "“Frama”"), tuple("second", "“Frama, Lda”"), tuple("keep", "Both do"));
            // When
            answer(which, "first");
            answer(asked(events, circle.edgeId()), "second");
            answer(asked(events, archived.edgeId()), "end");
            answer(asked(events, faults.get(3).edgeId()), "keep");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(edges())
                            .hasSize(3)
                            .allMatch(edge -> edge.path("mended").asBoolean()));
        }
        // Then
        List<String> changes = peers.requests("POST", "/v1/mutations").stream()
                .map(r -> r.body().path("ops").toString())
                .toList();
        String end = "{\"op\":\"unlink\",\"type\":\"works_for\",\"from\":\"%s\",\"to\":\"%s\"}";
        assertThat(changes)
                .contains(
                        "[" + end.formatted(goes.id(), stays.id()) + "]",
                        "[" + end.formatted(rita.id(), goes.id()) + "]")
                .anyMatch(ops -> ops.contains(end.formatted(rita.id(), goes.id()) + ",{\"op\":\"link\"")
                        && ops.contains("\"role\":\"buyer\"")
                        && !ops.contains("primary"))
                .noneMatch(ops -> ops.contains(end.formatted(rita.id(), stays.id())));
    }
}
