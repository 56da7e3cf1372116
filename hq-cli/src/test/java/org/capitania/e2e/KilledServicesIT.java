package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.Service;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each service dies by SIGKILL in the middle of the flow, is started again, and nobody outside can tell. */
class KilledServicesIT {
    private static FleetUnderTest fleet;
    private static Company company;
    private static List<String> usual;
    private static final AtomicInteger KILLS = new AtomicInteger();
    private static final AtomicInteger ANSWERED = new AtomicInteger();

    @BeforeAll
    static void up() throws Exception {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
        Mail calm = Mail.from("Kill Witness <kill-nobody@moinho.example>").subject("Hours, nobody");
        JsonNode proposal = company.pendingProposalFor(
                company.ingest(calm).path("conversation").asText());
        usual = company.toolsOf(proposal.path("task_id").asText());
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void shouldFinishTheJobOnceWhenAServiceIsKilledInTheMiddle(Service victim) throws Exception {
        int rounds = Soak.count(1, 3);
        for (int round = 0; round < rounds; round++) {
            killOnce(victim, Long.getLong("hq.seed", 4711L) + round);
        }
    }

    @AfterAll
    static void report() {
        Soak.report(
                "killed-services",
                "Each of the eight services is ended by SIGKILL before the draft and again after the approval, in a running fleet; every round ended with one sent mail,"
                        + " one contact, two interactions and the usual trace, and the outbox ids are the event ids on the topics.",
                Map.of(
                        "services",
                        Service.values().length,
                        "kills of a service",
                        KILLS.get(),
                        "mails answered, once each",
                        ANSWERED.get()));
    }

    private void killOnce(Service victim, long seed) throws Exception {
        Random random = new Random(seed + victim.ordinal());
        String address = "kill-" + victim.wireName() + "-" + seed + "@moinho.example";
        Mail mail = Mail.from("Kill Witness <" + address + ">").subject("Hours, " + victim.wireName());
        // Given: the mail is in
        JsonNode stored = company.ingest(mail);
        String conversation = stored.path("conversation").asText();
        // When: the victim dies somewhere between the mail's coming and the draft
        pauseUpTo(random, 1200);
        fleet.kill(victim.wireName());
        KILLS.incrementAndGet();
        fleet.start(victim.wireName());
        JsonNode proposal = company.pendingProposalFor(conversation);
        // And again somewhere between the approval and the sending
        company.approve(proposal);
        pauseUpTo(random, 300);
        fleet.kill(victim.wireName());
        KILLS.incrementAndGet();
        fleet.start(victim.wireName());
        company.awaitStatus(proposal, "executed");
        // Then: one answer
        assertThat(company.sentIn(mail)).as("answers sent, seed %d", seed).hasSize(1);
        ANSWERED.incrementAndGet();
        // And no duplicate node
        assertThat(company.nodes("type=contact&external_source=email&external_id=" + address))
                .hasSize(1);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(company.interactionsOf(conversation)).hasSize(2));
        // And the same trace as ever
        assertThat(company.toolsOf(proposal.path("task_id").asText()))
                .as("trace, seed %d", seed)
                .isEqualTo(usual);
    }

    @Test
    void shouldHaveLostNoEventWhenAllIsDone() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Map<String, Set<Long>> committed = fleet.committedOutboxIds();
            Map<String, Set<Long>> published = fleet.publishedOutboxIds();
            committed.forEach((schema, ids) -> assertThat(published.getOrDefault(schema, Set.of()))
                    .as("events of %s on the topics", schema)
                    .isEqualTo(ids));
        });
    }

    /** Moves the moment of death through the flow; which moment it is decides nothing about the outcome. */
    private static void pauseUpTo(Random random, int millis) {
        long until =
                System.nanoTime() + Duration.ofMillis(random.nextInt(millis)).toNanos();
        await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() >= until);
    }
}
