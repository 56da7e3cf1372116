package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Anything may happen in any order; what is open always has a lease or a time, and no event is lost or doubled. */
@QuarkusTest
class LifecyclePropertyIT extends SupervisorIT {
    private static final int STEPS = 60;
    /** Every row of it is a broken promise. */
    private static final String BROKEN = """
            SELECT 'open tasks without an active wake' WHERE EXISTS (SELECT FROM fleet.tasks WHERE state IN ('queued', 'running'))
                AND NOT EXISTS (SELECT FROM fleet.wakes WHERE state IN ('open', 'fenced', 'published', 'running'))
            UNION ALL SELECT 'an active wake without an open task' WHERE EXISTS (SELECT FROM fleet.wakes WHERE state = 'open')
                AND NOT EXISTS (SELECT FROM fleet.tasks WHERE state = 'queued')
            UNION ALL SELECT 'task ' || task_id || ' runs in no current run' FROM fleet.tasks t WHERE t.state = 'running'
                AND NOT EXISTS (SELECT FROM fleet.wakes w JOIN fleet.leases l USING (tenant_id, role, run_id)
                                WHERE w.run_id = t.run_id AND w.state IN ('fenced', 'published', 'running'))
            UNION ALL SELECT 'lease of run ' || run_id || ' without a wake' FROM fleet.leases l WHERE run_id IS NOT NULL AND tenant_id = 'main'
                AND NOT EXISTS (SELECT FROM fleet.wakes w WHERE w.run_id = l.run_id AND w.state IN ('fenced', 'published', 'running'))
            UNION ALL SELECT 'event ' || event_id || ' in several tasks' FROM fleet.task_events GROUP BY event_id HAVING count(*) > 1
            UNION ALL SELECT 'run ' || run_id || ' is open beside the wake' FROM fleet.runs r WHERE ended_at IS NULL
                AND NOT EXISTS (SELECT FROM fleet.wakes w WHERE w.run_id = r.run_id AND w.state IN ('fenced', 'published', 'running'))
            """;

    @Inject
    Sql sql;

    @Inject
    AgentStore agents;

    @Inject
    EnqueueEvent enqueue;

    @Inject
    Dispatcher dispatcher;

    @Inject
    ClaimWake claims;

    @Inject
    RenewRun renewals;

    @Inject
    CompleteRun completions;

    @Inject
    StopRun stops;

    private final Scope supervisor = Scope.of("main", "system:supervisor", "property");
    private final Scope chiefs = Scope.of("main", "agent:chief", "property");
    private final Set<String> shown = new HashSet<>();
    private final List<AgentWake> claimed = new ArrayList<>();

    static List<Long> seeds() {
        return new Random(33).longs(Soak.count(3, 30)).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepItsPromisesWhateverHappens(long seed) {
        // Given
        registerChief();
        Random random = new Random(seed);
        List<String> conversations = List.of("p1-" + seed, "p2-" + seed, "p3-" + seed);
        Set<String> events = new HashSet<>();
        long fence = 0;
        // When
        for (int step = 0; step < STEPS; step++) {
            act(random, conversations, events);
            // Then
            assertThat(strings(BROKEN)).as("seed %d, step %d", seed, step).isEmpty();
            long now =
                    Long.parseLong(strings("SELECT fence FROM fleet.leases WHERE tenant_id = 'main' AND role = 'chief'")
                            .getFirst());
            assertThat(now).isGreaterThanOrEqualTo(fence);
            fence = now;
        }
        drain();
        assertThat(strings("SELECT event_id FROM fleet.task_events")).containsExactlyInAnyOrderElementsOf(events);
        assertThat(strings("SELECT DISTINCT state FROM fleet.wakes")).isSubsetOf("done", "failed");
        assertThat(
                        strings(
                                "SELECT event_id FROM fleet.task_events JOIN fleet.tasks USING (tenant_id, task_id) WHERE state <> 'failed'"))
                .as("events of tasks that ended well were shown to the agent")
                .isSubsetOf(shown);
        assertThat(strings("SELECT person FROM fleet.tasks WHERE state = 'failed'"))
                .allMatch("user:owner"::equals);
    }

    @AfterAll
    static void report() {
        Soak.report(
                "wakes-lifecycle",
                "Random schedules of mails, dispatches, claims, heartbeats, completions, lost leases, pauses, stops and late reports; the invariants are checked after"
                        + " every step.",
                Map.of("schedules", seeds().size(), "steps each", STEPS));
    }

    private void act(Random random, List<String> conversations, Set<String> events) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> events.add(mail(conversations.get(random.nextInt(3)), random));
            case 3 -> dispatcher.round("main");
            case 4, 5 -> claimWhatIsPublished();
            case 6 -> beat(random);
            case 7 -> complete(random);
            case 8 -> expireLease("chief");
            case 9 -> control(random.nextBoolean());
            case 10 -> stop();
            default -> lateReport();
        }
    }

    private String mail(String conversation, Random random) {
        String id = "property:" + new UUID(random.nextLong(), random.nextLong());
        Event event = new Event(
                id,
                "email.received",
                "/test",
                null,
                Instant.EPOCH,
                "main",
                "system:test",
                null,
                null,
                null,
                null,
                conversation,
                JsonNodeFactory.instance.objectNode().put("conversation_id", conversation));
        sql.run(supervisor, tx -> {
            agents.lock(tx, "chief");
            enqueue.add(tx, "chief", event, random.nextBoolean());
        });
        return id;
    }

    private void claimWhatIsPublished() {
        published().ifPresent(run -> {
            try {
                AgentWake wake = claims.claim(
                        chiefs, UUID.fromString(run[0]), new WakeClaim(run[1], Long.parseLong(run[2]), "chief-1"));
                show(wake.tasks());
                claimed.add(wake);
            } catch (CapitaniaException refused) {
                // Paused, fenced or taken back meanwhile: an agent drops it as well.
                assertThat(refused.code().type().retryable()).isFalse();
            }
        });
    }

    private Optional<String[]> published() {
        return strings("SELECT wake_id || ' ' || run_id || ' ' || fence FROM fleet.wakes WHERE state = 'published'")
                .stream()
                .findFirst()
                .map(line -> line.split(" "));
    }

    private void beat(Random random) {
        current().ifPresent(wake -> {
            List<TaskOutcome> ended =
                    random.nextInt(3) == 0 ? outcomes(wake, random).subList(0, 1) : List.of();
            try {
                RunHeartbeat.Renewed renewed = renewals.renew(
                        chiefs,
                        UUID.fromString(wake.runId()),
                        new RunHeartbeat(wake.fence(), random.nextLong(9), List.of(), ended));
                List<String> taken = renewed.appended().stream()
                        .filter(task -> random.nextBoolean())
                        .peek(task -> show(List.of(task)))
                        .flatMap(task -> task.events().stream())
                        .map(Event::id)
                        .toList();
                renewals.renew(
                        chiefs, UUID.fromString(wake.runId()), new RunHeartbeat(wake.fence(), null, taken, null));
            } catch (CapitaniaException lost) {
                claimed.remove(wake);
            }
        });
    }

    private void complete(Random random) {
        current().ifPresent(wake -> {
            RunComplete.Outcome[] all = RunComplete.Outcome.values();
            report(wake, new RunComplete(wake.fence(), all[random.nextInt(all.length)], outcomes(wake, random), null));
            claimed.remove(wake);
        });
    }

    /** An agent that lost its lease long ago and does not know it. */
    private void lateReport() {
        if (!claimed.isEmpty()) {
            AgentWake old = claimed.getFirst();
            report(old, new RunComplete(old.fence(), RunComplete.Outcome.FINISHED, List.of(), null));
        }
    }

    private void report(AgentWake wake, RunComplete report) {
        try {
            completions.complete(chiefs, UUID.fromString(wake.runId()), report);
        } catch (CapitaniaException lost) {
            assertThat(lost.code().code()).isIn("lease_lost", "fenced");
        }
    }

    private static List<TaskOutcome> outcomes(AgentWake wake, Random random) {
        TaskOutcome.Outcome[] all = TaskOutcome.Outcome.values();
        return wake.tasks().stream()
                .map(task -> new TaskOutcome(task.taskId(), all[random.nextInt(all.length)], "by chance"))
                .toList();
    }

    private void control(boolean pause) {
        sql.run(Scope.of("main", "user:owner", "property"), tx -> {
            agents.lock(tx, "chief");
            if (pause) {
                agents.pause(tx, "chief", "user:owner", "by chance", Duration.ofMillis(100));
                stops.ofRole(tx, "chief", "paused by chance");
            } else {
                agents.resume(tx, "chief");
                stops.hasten(tx, "chief");
            }
        });
    }

    private void stop() {
        current().ifPresent(wake -> {
            try {
                stops.byId(
                        Scope.of("main", "system:watchdog", "property"),
                        UUID.fromString(wake.runId()),
                        "by chance",
                        true);
            } catch (CapitaniaException over) {
                claimed.remove(wake);
            }
        });
    }

    private Optional<AgentWake> current() {
        return claimed.isEmpty() ? Optional.empty() : Optional.of(claimed.getLast());
    }

    private void show(List<AgentTask> tasks) {
        tasks.forEach(task -> task.events().forEach(event -> shown.add(event.id())));
    }

    /** From now on the agent does everything it is given. */
    private void drain() {
        control(false);
        org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> {
            control(false);
            sql("UPDATE fleet.leases SET expires_at = clock_timestamp() WHERE run_id IS NOT NULL");
            dispatcher.round("main");
            claimed.clear();
            claimWhatIsPublished();
            current()
                    .ifPresent(wake -> report(
                            wake,
                            new RunComplete(
                                    wake.fence(),
                                    RunComplete.Outcome.FINISHED,
                                    wake.tasks().stream()
                                            .map(task ->
                                                    new TaskOutcome(task.taskId(), TaskOutcome.Outcome.FINISHED, null))
                                            .toList(),
                                    null)));
            return count("SELECT count(*) FROM fleet.tasks WHERE state IN ('queued', 'running')") == 0;
        });
    }
}
