package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.capitania.contract.api.Gap;
import org.junit.jupiter.api.Test;

class QuietPageTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void shouldSayInPlainWordsWhatWaitsAndForHowLong() {
        QuietPage page = new QuietPage("en", NOW);
        page.queue(new Section("queue", "")
                .figure("waiting", 2, "proposals")
                .figure("oldest", 49, "hours")
                .figure("reviews", 1, "questions")
                .figure("oldest_review", 0.2, "hours"));
        page.gap(new Gap.Summary("late", "Late.", "chief", 4, "blocker", NOW.minusSeconds(86_400), 86_400L));
        page.ceiling();

        assertThat(page.text(LocalDate.parse("2026-11-22"))).isEqualTo("""
                # Brief of 2026-11-22

                Nothing new has happened since the last brief. This still waits:

                - 2 proposals wait for your decision, the oldest for 2 days.
                - 1 question waits for your answer, for 1 hour.
                - Late: 4, the oldest for 24 hours.
                - Nine tenths of the month's ceiling for the agents are used up.
                """);
        assertThat(page.headline()).startsWith("Nothing new, and this still waits: 2 proposals wait");
    }

    @Test
    void shouldBeEmptyWhenNothingWaits() {
        QuietPage page = new QuietPage("pt-PT", NOW);
        page.queue(new Section("queue", "").figure("waiting", 0, "proposals").figure("reviews", 0, "questions"));

        assertThat(page.empty()).isTrue();
    }
}
