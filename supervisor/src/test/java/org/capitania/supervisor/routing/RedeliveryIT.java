package org.capitania.supervisor.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentWake;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records come again, all of them, in another order across keys: what was made of them stays as it was. */
@QuarkusTest
class RedeliveryIT extends SupervisorIT {
    private static final String STATE = """
            SELECT md5(
                (SELECT coalesce(string_agg(r::text, ';' ORDER BY event_id, role), '') FROM fleet.routed_events r)
                || (SELECT coalesce(string_agg(t.task_id || t.state || t.attempts || e.event_id, ';' ORDER BY e.seq), '')
                    FROM fleet.tasks t JOIN fleet.task_events e USING (tenant_id, task_id))
                || (SELECT coalesce(string_agg(wake_id || state || attempt, ';' ORDER BY wake_id), '') FROM fleet.wakes))
            """;

    private static final int EVENTS = 20;

    static List<Long> seeds() {
        return new Random(7).longs(Soak.count(2, 30)).boxed().toList();
    }

    @AfterAll
    static void report() {
        Soak.report(
                "redelivery",
                "Everything that was routed comes again, shuffled across keys; the supervisor's state stayed as it was.",
                Map.of("shuffles", seeds().size(), "events each", EVENTS));
    }

    private record Sent(String id, String conversation, Map<String, Object> data) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldStayAsItWasWhenEverythingIsDeliveredAgainShuffled(long seed) {
        // Given
        registerChief();
        Random random = new Random(seed);
        List<Sent> sent = new ArrayList<>();
        List<String> threads = List.of(conversation(), conversation(), conversation());
        for (int i = 0; i < EVENTS; i++) {
            String thread = threads.get(random.nextInt(threads.size()));
            Sent one = new Sent(
                    "test:" + UUID.randomUUID(),
                    thread,
                    Map.of("conversation_id", thread, "answerable", random.nextInt(4) > 0, "n", i));
            sent.add(one);
            publish(one);
        }
        sent.forEach(one -> awaitRouted(one.id()));
        AgentWake wake = claim(awaitWake(1));
        finish(wake);
        String before = strings(STATE).getFirst();
        // When
        Collections.shuffle(sent, random);
        sent.forEach(RedeliveryIT::publish);
        // Each partition keeps its order: what comes last on each has everything before it.
        for (String thread : threads) {
            String last =
                    Events.publish("email.received", thread, Map.of("answerable", false, "conversation_id", thread));
            awaitRouted(last);
            sql("DELETE FROM fleet.routed_events WHERE event_id = '" + last + "'");
        }
        // Then
        assertThat(strings(STATE).getFirst()).isEqualTo(before);
        assertThat(chief.ofType(AgentWake.TYPE)).hasSize(1);
    }

    private static void publish(Sent one) {
        Events.publish(Topics.of("email.received"), one.id(), "email.received", "main", one.conversation(), one.data());
    }
}
