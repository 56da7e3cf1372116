package org.capitania.watchdog.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BriefDaysTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    @ParameterizedTest(name = "{0}: seven o''clock is {1}")
    @CsvSource({
        "2026-03-28, 2026-03-28T07:00:00Z",
        "2026-03-29, 2026-03-29T06:00:00Z",
        "2026-10-24, 2026-10-24T06:00:00Z",
        "2026-10-25, 2026-10-25T07:00:00Z"
    })
    void shouldExpectTheBriefByHalfPastSevenWhenTheClockChanges(LocalDate day, Instant due) {
        BriefDays days = BriefDays.of(LISBON, due, List.of(due));

        assertThat(days.expected(List.of(), due.plusSeconds(1799), HALF_AN_HOUR))
                .isEmpty();
        assertThat(days.expected(List.of(), due.plusSeconds(1800), HALF_AN_HOUR))
                .containsOnlyKeys(day)
                .containsEntry(day, due);
    }

    @Test
    void shouldCarryAMissedDayOverTheChangeOfTheClock() {
        Instant next = Instant.parse("2026-03-29T06:00:00Z");
        LocalDate missed = LocalDate.parse("2026-03-28");

        assertThat(BriefDays.of(LISBON, next, List.of(next)).expected(List.of(missed), next, HALF_AN_HOUR))
                .containsOnlyKeys(missed)
                .containsEntry(missed, Instant.parse("2026-03-28T07:00:00Z"));
    }

    @Test
    void shouldExpectBothWhenTheLastAndTheNextHavePassed() {
        Instant last = Instant.parse("2026-11-21T07:00:00Z");
        Instant next = Instant.parse("2026-11-22T07:00:00Z");

        assertThat(BriefDays.of(LISBON, next, List.of(last, next))
                        .expected(List.of(), Instant.parse("2026-11-22T09:00:00Z"), HALF_AN_HOUR))
                .containsOnlyKeys(LocalDate.parse("2026-11-21"), LocalDate.parse("2026-11-22"));
    }
}
