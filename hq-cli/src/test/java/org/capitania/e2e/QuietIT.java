package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
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
    void shouldCallNoModelWhenNothingHappens() {
        // Given: a fleet that has settled
        await().atMost(Duration.ofSeconds(60)).until(this::idle);
        int before = company.modelCalls();
        // When: half a minute of nothing, longer than every loop, beat and lease in the fleet
        await().during(Duration.ofSeconds(32))
                .atMost(Duration.ofSeconds(60))
                .until(() -> company.modelCalls() == before);
        // Then
        assertThat(company.modelCalls()).isEqualTo(before);
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
