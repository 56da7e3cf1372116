package org.capitania.supervisor.beats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.BeatView;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.Event;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Beats of a company in Lisbon. */
@QuarkusTest
class BeatsIT extends SupervisorIT {
    @Inject
    FireBeats fire;

    private EventTail tail;

    @BeforeEach
    void listen() {
        peers.on(
                Service.GRAPH_SERVICE,
                "GET",
                "/v1/nodes",
                request -> Map.of("items", List.of(Map.of("props", Map.of("timezone", "Europe/Lisbon")))));
        tail = EventTail.fromNow("hq.beat");
        // A zone that becomes known plans all beats anew, also those a test has made due.
        await().atMost(PATIENCE).until(() -> beat("operator_night").zone().equals("Europe/Lisbon"));
    }

    @AfterEach
    void stop() {
        tail.close();
        // Other tests count the firings of a beat.
        sql("DELETE FROM fleet.beat_firings WHERE outcome = 'by_hand'");
    }

    private List<BeatFired> fired(String name) {
        return tail.ofType(BeatFired.TYPE).stream()
                .filter(event -> name.equals(event.subject()))
                .map(event -> event.as(BeatFired.class))
                .toList();
    }

    private static BeatView beat(String name) {
        return Json.read(as("user:owner").get("/v1/beats").asString(), BeatView.Page.class).items().stream()
                .filter(beat -> beat.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Something has happened that woke nobody. */
    private static void news() {
        sql("INSERT INTO fleet.routed_events (tenant_id, event_id, role, type, decision, why)"
                + " VALUES ('main', gen_random_uuid()::text, 'chief', 'email.received', 'ignored', 'a test')");
    }

    /** It is due since then, and there is something to tell. */
    private static void due(String name, String ago) {
        news();
        dueInQuiet(name, ago);
    }

    private static void dueInQuiet(String name, String ago) {
        sql("UPDATE fleet.beats SET next_due_at = date_trunc('second', clock_timestamp()) - interval '" + ago
                + "' WHERE tenant_id = 'main' AND name = '" + name + "'");
    }

    @Test
    void shouldReadItsScheduleOnTheCompanysClock() {
        await().atMost(PATIENCE).until(() -> beat("chief_brief").zone().equals("Europe/Lisbon"));

        BeatView brief = beat("chief_brief");
        assertThat(brief.cron()).isEqualTo("0 7 * * *");
        assertThat(brief.nextDueAt()
                        .atZone(java.time.ZoneId.of("Europe/Lisbon"))
                        .toLocalTime())
                .isEqualTo("07:00");
    }

    @Test
    void shouldWakeTheAgentItIsForAndSayWhy() {
        register("chief", new Trigger("beat.fired.chief_brief", null));

        due("chief_brief", "1 minute");

        AgentWake wake = claim(awaitWake(1));
        assertThat(wake.reason()).isEqualTo("beat.fired.chief_brief");
        assertThat(wake.tasks())
                .singleElement()
                .satisfies(task -> assertThat(task.events())
                        .singleElement()
                        .extracting(Event::subject)
                        .isEqualTo("chief_brief"));
        finish(wake);
        assertThat(fired("chief_brief")).hasSize(1);
        assertThat(fired("operator_night")).isEmpty();
    }

    @Test
    void shouldWakeWhoeverNamesItInATriggerWhoeverItIsFor() {
        register("operator", new Trigger("beat.fired.operator_learning", null));
        register("chief", new Trigger("beat.fired", Map.of("name", TextNode.valueOf("operator_learning"))));

        as("user:owner").post("/v1/beats/operator_learning/run").then().statusCode(204);

        for (String role : List.of("operator", "chief")) {
            AgentWake wake = chief.await(
                            AgentWake.TYPE, e -> e.as(AgentWake.class).role().equals(role))
                    .as(AgentWake.class);
            wake = Json.read(tryClaim(wake, role + "-1").asString(), AgentWake.class);
            assertThat(wake.tasks())
                    .singleElement()
                    .satisfies(task -> assertThat(task.events())
                            .singleElement()
                            .extracting(Event::subject)
                            .isEqualTo("operator_learning"));
            finish(wake);
        }
        as("user:owner").post("/v1/beats/memory_tender/run").then().statusCode(204);
        await().atMost(PATIENCE)
                .until(() -> count(
                                "SELECT count(*)::int FROM fleet.routed_events WHERE role = 'chief' AND decision = 'ignored'")
                        == 1);
        assertThat(wakes()).as("a service's own beat wakes no agent").hasSize(1);
    }

    @Test
    void shouldWakeNobodyWhenNothingHasHappenedSinceItLastFired() {
        register("chief", new Trigger("beat.fired.chief_brief", null), new Trigger("email.received", null));
        due("chief_brief", "1 minute");
        finish(claim(awaitWake(1)));
        // When: days go by on which nothing is
        for (int day = 1; day <= 7; day++) {
            sql(
                    "UPDATE fleet.routed_events SET at = at - interval '1 day';"
                            + " UPDATE fleet.beats SET last_fired_at = last_fired_at - interval '1 day' WHERE last_fired_at IS NOT NULL");
            // Each at a time of its own: a due time is told once.
            dueInQuiet("chief_brief", 100 + 30 * day + " seconds");
            await().atMost(PATIENCE).until(() -> beat("chief_brief").nextDueAt().isAfter(java.time.Instant.now()));
        }
        // Then: the beat of its own was no news
        assertThat(fired("chief_brief")).hasSize(1);
        assertThat(wakes()).hasSize(1);
        // And each of them is told to whoever says without a model what still waits
        await().atMost(PATIENCE).until(() -> fired("quiet_brief").size() == 7);
        assertThat(fired("quiet_brief")).extracting(BeatFired::role).containsOnlyNulls();
        // And what a person asks for is done
        as("user:owner").post("/v1/beats/chief_brief/run").then().statusCode(204);
        await().atMost(PATIENCE).until(() -> fired("chief_brief").size() == 2);
    }

    @Test
    void shouldTakeWhatABeatHasCausedForNoNewsAndWhatAnybodyElseDoesForNews() {
        register("chief", new Trigger("beat.fired.chief_brief", null), new Trigger("task.assigned_to", null));
        due("chief_brief", "1 minute");
        AgentWake brief = claim(awaitWake(1));
        // When: the brief leaves a task, and whoever does that task leaves another
        String first = assigned("agent:chief", brief.tasks().getFirst().taskId());
        awaitRouted(first);
        finish(brief);
        AgentWake second = claim(awaitWakeAbout(first));
        awaitRouted(assigned("agent:chief", second.tasks().getFirst().taskId()));
        dueInQuiet("chief_brief", "10 seconds");
        await().atMost(PATIENCE).until(() -> beat("chief_brief").nextDueAt().isAfter(java.time.Instant.now()));
        // Then
        assertThat(fired("chief_brief")).hasSize(1);
        // And when a person does something about the same task
        awaitRouted(assigned("user:owner", brief.tasks().getFirst().taskId()));
        dueInQuiet("chief_brief", "5 seconds");
        await().atMost(PATIENCE).until(() -> fired("chief_brief").size() == 2);
    }

    private static String assigned(String by, String task) {
        String id = java.util.UUID.randomUUID().toString();
        return Events.publishBy(by, task, "task.assigned_to", id, Map.of("task_id", id, "assignee", "chief"));
    }

    private AgentWake awaitWakeAbout(String event) {
        return chief.await(AgentWake.TYPE, e -> eventsOf(e.as(AgentWake.class)).contains(event))
                .as(AgentWake.class);
    }

    @Test
    void shouldHaveSessionsRotatedAtNight() {
        register("chief", new Trigger("email.received", null));
        mail(conversation());
        AgentWake wake = claim(awaitWake(1));
        assertThat(renewed(wake).freshFrom()).isNull();

        due("session_rotation", "1 minute");

        await().atMost(PATIENCE).until(() -> renewed(wake).freshFrom() != null);
        assertThat(renewed(wake).freshFrom()).isEqualTo(renewed(wake).freshFrom());
        assertThat(renewed(wake).command()).as("the run goes on").isNull();
        finish(wake);
    }

    @Test
    void shouldFireOnceWhenManyLookAtTheSameTime() throws Exception {
        int rounds = 5;
        for (int round = 1; round <= rounds; round++) {
            // Far enough apart that no two rounds have the same due time.
            due("operator_learning", round * 30 + " seconds");
            CountDownLatch go = new CountDownLatch(1);
            try (ExecutorService replicas = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> looks = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    looks.add(replicas.submit(() -> {
                        go.await();
                        fire.round("main");
                        return null;
                    }));
                }
                go.countDown();
                for (Future<?> look : looks) {
                    look.get();
                }
            }
            await().atMost(PATIENCE)
                    .until(() -> beat("operator_learning").nextDueAt().isAfter(java.time.Instant.now()));
        }
        await().atMost(PATIENCE).until(() -> fired("operator_learning").size() >= rounds);

        assertThat(fired("operator_learning")).extracting(BeatFired::dueAt).doesNotHaveDuplicates();
        assertThat(count("SELECT count(*)::int FROM fleet.beat_firings WHERE name = 'operator_learning'"))
                .isEqualTo(fired("operator_learning").size());
    }

    @Test
    void shouldMakeUpOnceOrSkipWhenNobodyLookedForDays() {
        due("operator_night", "73 hours");
        due("memory_mirror", "73 hours");

        await().atMost(PATIENCE).until(() -> fired("operator_night").size() == 1);
        await().atMost(PATIENCE)
                .until(() -> count("SELECT count(*)::int FROM fleet.beat_firings WHERE name = 'memory_mirror'") == 1);

        assertThat(fired("operator_night").getFirst().missed()).isBetween(2, 4);
        assertThat(strings("SELECT DISTINCT outcome FROM fleet.beat_firings WHERE name = 'memory_mirror'"))
                .containsExactly("skipped");
        assertThat(fired("memory_mirror")).isEmpty();
    }

    @Test
    void shouldRotateBeforeTheNightWhenBothAreDue() {
        register("chief", new Trigger("beat.fired.operator_night", null));
        news();

        // In one statement: by its time and its name the night would come first.
        sql("UPDATE fleet.beats SET next_due_at = date_trunc('second', clock_timestamp()) - interval '1 minute'"
                + " WHERE tenant_id = 'main' AND name IN ('operator_night', 'session_rotation')");

        await().atMost(PATIENCE).until(() -> fired("operator_night").size() == 1);
        assertThat(
                        strings(
                                "SELECT name FROM fleet.beat_firings WHERE name IN ('operator_night', 'session_rotation') ORDER BY at"))
                .containsExactly("session_rotation", "operator_night");
        AgentWake wake = claim(awaitWake(1));
        assertThat(renewed(wake).freshFrom())
                .as("what the night begins is not rotated any more")
                .isBefore(wake.tasks().getFirst().events().getFirst().time());
        finish(wake);
    }

    @Test
    void shouldFireByHandForAPersonOnly() {
        as("agent:chief").post("/v1/beats/memory_tender/run").then().statusCode(403);
        as("user:owner").post("/v1/beats/no_such_beat/run").then().statusCode(404);

        as("user:owner").post("/v1/beats/memory_tender/run").then().statusCode(204);

        await().atMost(PATIENCE).until(() -> fired("memory_tender").size() == 1);
        assertThat(beat("memory_tender").lastFiredAt())
                .isAfterOrEqualTo(fired("memory_tender").getFirst().dueAt());
        assertThat(strings("SELECT outcome || ' ' || by_whom FROM fleet.beat_firings WHERE name = 'memory_tender'"))
                .containsExactly("by_hand user:owner");
    }
}
