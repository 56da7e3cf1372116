package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing happens, nothing is spent; a paused agent stays paused. */
class QuietIT {
    private static FleetUnderTest fleet;
    private static Company company;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
    }

    @Test
    void shouldCallNoModelInSevenDaysOnWhichNothingHappens() {
        // Given: a fleet in which what happened before has been told of, by the beats of a day or two
        int before = -1;
        for (int day = 1; day <= 5 && before != company.modelCalls(); day++) {
            before = company.modelCalls();
            aDayGoesBy(Duration.ofSeconds(2));
        }
        assertThat(company.modelCalls())
                .as(() -> "the beats come to rest; the last day's news: " + news())
                .isEqualTo(before);
        List<String> quiet = new ArrayList<>();
        // When: a week, with together half a minute of nothing, longer than every loop and lease in the fleet
        for (int day = 1; day <= 7; day++) {
            aDayGoesBy(Duration.ofSeconds(5));
            quiet.addAll(fleet.rows(
                    Service.SUPERVISOR, "SELECT outcome FROM fleet.beat_firings WHERE name = 'chief_brief'"));
        }
        // Then
        assertThat(company.modelCalls()).as(() -> "news: " + news()).isEqualTo(before);
        assertThat(quiet).as("the brief was due each day").hasSize(7).containsOnly("skipped");
    }

    /** What woke whom since the day before, other than beats and what they caused. */
    private static List<String> news() {
        return fleet.rows(Service.SUPERVISOR, """
                SELECT concat_ws(' ', role, decision, why, event_id) FROM fleet.routed_events
                 WHERE at > clock_timestamp() - interval '1 day' AND NOT of_beat ORDER BY at
                """);
    }

    /**
     * The clock of the company, by which beats are due, is a day on: what is known to have happened happened a day earlier, and each beat
     * is due. The supervisor finds them by itself, and is left alone until nobody has been at work for a while.
     */
    private void aDayGoesBy(Duration rest) {
        fleet.sql(Service.SUPERVISOR, """
                BEGIN;
                DELETE FROM fleet.beat_firings;
                UPDATE fleet.routed_events SET at = at - interval '1 day';
                UPDATE fleet.beats SET last_due_at = last_due_at - interval '1 day', last_fired_at = last_fired_at - interval '1 day',
                    next_due_at = date_trunc('second', clock_timestamp()) - interval '1 second';
                COMMIT;
                """);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> fleet.rows(
                                Service.SUPERVISOR,
                                "SELECT name FROM fleet.beats WHERE next_due_at <= clock_timestamp()")
                        .isEmpty());
        await().during(rest).atMost(Duration.ofSeconds(120)).until(this::idle);
    }

    @Test
    void shouldNeverWakeWhenPausedAlsoAfterARestart() throws Exception {
        await().atMost(Duration.ofSeconds(60)).until(this::idle);
        assertThat(fleet.hq("agent", "pause", "chief", "--reason", "holiday", "--json")
                        .exit())
                .isZero();
        try {
            int before = company.modelCalls();
            // When: a mail comes, and everything is stopped and started
            String conversation = company.ingest(
                            Mail.from("Ana Silva <ana.silva@moinho.example>").subject("While paused"))
                    .path("conversation")
                    .asText();
            fleet.down();
            fleet.up();
            await().during(Duration.ofSeconds(12))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> company.modelCalls() == before);
            // Then: it has not woken, it says why, and the mail is not lost
            JsonNode chief = agent("chief");
            assertThat(chief.path("state").asText()).isEqualTo("paused");
            assertThat(chief.path("paused_reason").asText()).isEqualTo("holiday");
            assertThat(company.proposals("pending"))
                    .noneMatch(p -> p.path("conversation").asText().equals(conversation));
            // When it may work again
            assertThat(fleet.hq("agent", "resume", "chief", "--json").exit()).isZero();
            // Then
            assertThat(company.pendingProposalFor(conversation).path("tool").asText())
                    .isEqualTo("email_send");
        } finally {
            fleet.hq("agent", "resume", "chief", "--json");
        }
    }

    @Test
    void shouldStopWhileThereIsNothingToDoAndBeThereForTheNextQuestionAndTheNextMail() throws Exception {
        await().atMost(Duration.ofSeconds(60)).until(this::idle);
        fleet.give(Service.SUPERVISOR, "HQ_PLATFORM_IDLE", "5s");
        fleet.restart(Service.SUPERVISOR);
        try {
            await("both are stopped").atMost(Duration.ofSeconds(90)).until(this::resting);
            // Longer than the watchdog lets a service be away, and than the supervisor lets a fleet come up by itself
            await("no incident")
                    .during(Duration.ofSeconds(32))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> resting()
                            && !fleet.get(Service.WATCHDOG, "/v1/incidents?state=open")
                                    .toString()
                                    .contains("agent-"));
            // When
            var answer = fleet.hq("agent", "ask", "operator", "What is open?", "--json");
            String conversation = company.ingest(
                            Mail.from("Ana Silva <ana.silva@moinho.example>").subject("While at rest"))
                    .path("conversation")
                    .asText();
            // Then: operator answers the owner, and chief, who asks it in turn
            assertThat(answer.exit()).as(answer.toString()).isZero();
            assertThat(company.pendingProposalFor(conversation).path("tool").asText())
                    .isEqualTo("email_send");
            await("both are stopped again").atMost(Duration.ofSeconds(90)).until(this::resting);
        } finally {
            fleet.give(Service.SUPERVISOR, "HQ_PLATFORM_IDLE", null);
            // It may be stopping one just now, and then nobody else starts or stops anything.
            await("the supervisor anew")
                    .atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .until(() -> {
                        fleet.restart(Service.SUPERVISOR);
                        return true;
                    });
            fleet.start(Service.AGENT_CHIEF.wireName());
            fleet.start(Service.AGENT_OPERATOR.wireName());
        }
    }

    private boolean resting() {
        return Stream.of("chief", "operator").allMatch(role -> {
            JsonNode agent = agent(role);
            return agent.path("state").asText().equals("stopped")
                    && agent.path("resting_since").isTextual();
        });
    }

    private boolean idle() {
        return Company.list(fleet.get(Service.SUPERVISOR, "/v1/wakes?limit=200").path("items")).stream()
                .allMatch(w -> w.path("ended_at").isTextual());
    }

    private JsonNode agent(String role) {
        return Company.list(fleet.get(Service.SUPERVISOR, "/v1/agents")).stream()
                .filter(a -> a.path("role").asText().equals(role))
                .findFirst()
                .orElseThrow();
    }
}
