package org.capitania.registry.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.MeetingDue;
import org.capitania.contract.event.MeetingDue.Guest;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.OwnCompany;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Meetings with people from outside are told of a day ahead, once for each time they have. The service looks by itself, too. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class TellMeetingsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    TellMeetings tell;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private FakePeers peers;
    private FakeGraph graph;
    private EventTail events;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        OwnCompany.in(graph, OwnCompany.ZONE);
        events = EventTail.fromNow("hq.calendar");
    }

    @AfterEach
    void stopPeers() {
        events.close();
        peers.close();
    }

    @Test
    void shouldTellOnceOfAMeetingWithOutsidersAndAgainWhenItMoves() {
        NodeView rita = graph.add(
                "contact",
                "contact:" + UUID.randomUUID(),
                "rita@padaria.example",
                "active",
                Map.of("name", "Rita", "email", "rita@padaria.example"),
                false);
        Instant start = now.plus(Duration.ofHours(5));
        NodeView talk =
                event("Talk", start, "planned", Map.of("attendees", List.of("ana@mare.example", "Rui@cafe.example")));
        graph.link("has_participant", talk.id(), rita.id());
        event("Among us", start, "planned", Map.of("attendees", List.of("ana@mare.example")));
        event("Later", now.plus(Duration.ofHours(30)), "planned", Map.of("attendees", List.of("rui@cafe.example")));
        event("Off", start, "cancelled", Map.of("attendees", List.of("rui@cafe.example")));
        event("Over", now.minus(Duration.ofMinutes(5)), "planned", Map.of("attendees", List.of("rui@cafe.example")));
        // When
        tell.look("main");
        tell.look("main");
        graph.touch(talk.id(), Map.of("starts_at", start.plusSeconds(3600).toString()));
        tell.look("main");
        graph.touch(talk.id(), Map.of("starts_at", start.toString()));
        tell.look("main");
        // Then
        List<MeetingDue> told = told(3);
        assertThat(told).extracting(MeetingDue::eventId).containsOnly(talk.id());
        assertThat(told).extracting(MeetingDue::startsAt).containsExactly(start, start.plusSeconds(3600), start);
        assertThat(told).extracting(MeetingDue::movedFrom).containsExactly(null, start, start.plusSeconds(3600));
        assertThat(told.getFirst())
                .extracting(MeetingDue::title, MeetingDue::zone, MeetingDue::language)
                .containsExactly("Talk", "Europe/Lisbon", "pt");
        assertThat(told.getFirst().guests())
                .containsExactlyInAnyOrder(
                        new Guest("rui@cafe.example", null, null),
                        new Guest("rita@padaria.example", "Rita", rita.id()));
    }

    @Test
    void shouldTellOfTheNextTurnOfWhatRecurs() {
        Instant first = now.minus(Duration.ofDays(10)).plus(Duration.ofHours(3));
        NodeView daily = event(
                "Stand-up", first, "planned", Map.of("attendees", List.of("rui@cafe.example"), "rrule", "FREQ=DAILY"));
        // When
        tell.look("main");
        tell.look("main");
        // Then
        assertThat(told(1)).singleElement().satisfies(told -> {
            assertThat(told.eventId()).isEqualTo(daily.id());
            assertThat(told.startsAt()).isBetween(now.plus(Duration.ofHours(1)), now.plus(Duration.ofHours(5)));
        });
    }

    @Test
    void shouldTellOnceWhenManyLookAtTheSameTime() throws Exception {
        event("Talk", now.plus(Duration.ofHours(2)), "planned", Map.of("attendees", List.of("rui@cafe.example")));
        CountDownLatch go = new CountDownLatch(1);
        int told = 0;
        try (ExecutorService replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> looks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                looks.add(replicas.submit(() -> {
                    go.await();
                    return tell.look("main");
                }));
            }
            go.countDown();
            for (Future<Integer> look : looks) {
                told += look.get();
            }
        }
        // Then
        assertThat(told).isLessThanOrEqualTo(1);
        assertThat(told(1)).hasSize(1);
    }

    private List<MeetingDue> told(int expected) {
        await().atMost(PATIENCE).until(() -> main().size() >= expected);
        assertThat(main()).hasSize(expected);
        return main();
    }

    private List<MeetingDue> main() {
        return events.ofType(MeetingDue.TYPE).stream()
                .filter(event -> event.tenant().equals("main"))
                .map(event -> event.as(MeetingDue.class))
                .toList();
    }

    private NodeView event(String title, Instant start, String status, Map<String, Object> more) {
        Map<String, Object> props = new HashMap<>(more);
        props.put("title", title);
        props.put("kind", "calendar");
        props.put("starts_at", start.toString());
        props.put("ends_at", start.plusSeconds(1800).toString());
        return graph.add("event", "event:" + UUID.randomUUID(), null, status, props, false);
    }
}
