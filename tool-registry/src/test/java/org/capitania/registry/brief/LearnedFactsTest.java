package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.capitania.registry.brief.LearnedFacts.Week;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedFactsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-23, Europe/Lisbon, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
        "2026-11-23, Pacific/Kiritimati, 2026-11-15T10:00:00Z, 2026-11-22T10:00:00Z",
        "2026-10-26, Europe/Lisbon, 2026-10-18T23:00:00Z, 2026-10-26T00:00:00Z"
    })
    void shouldTellOnAMondayOfTheWeekBeforeAsTheCompanyCountsIt(
            LocalDate monday, ZoneId zone, Instant from, Instant until) {
        Week week = Week.before(monday, zone).orElseThrow();

        assertThat(week).isEqualTo(new Week(from, until));
        assertThat(week.has(from)).isTrue();
        assertThat(week.has(from.minusMillis(1))).isFalse();
        assertThat(week.has(until.minusMillis(1))).isTrue();
        assertThat(week.has(until)).isFalse();
    }

    @Test
    void shouldTellOfNoWeekOnAnyOtherDay() {
        for (int day = 1; day <= 6; day++) {
            LocalDate other = LocalDate.parse("2026-11-23").plusDays(day);
            assertThat(Week.before(other, ZoneId.of("Europe/Lisbon")))
                    .as("%s", other)
                    .isEmpty();
        }
    }
}
