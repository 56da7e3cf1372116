package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class BudgetDayTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");

    @Test
    void shouldEndWhereTheCompanyIs() {
        BudgetDay day = new BudgetDay(Instant.parse("2026-06-30T23:30:00Z"), LISBON);
        assertThat(day.date()).isEqualTo(LocalDate.parse("2026-07-01"));
        assertThat(day.ends()).isEqualTo("2026-07-01T23:00:00Z");
        assertThat(day.month()).isEqualTo(LocalDate.parse("2026-07-01"));
        assertThat(day.monthEnds()).isEqualTo("2026-07-31T23:00:00Z");
    }

    @Test
    void shouldLastAsLongAsTheClockMakesIt() {
        // 25 hours: the clocks go back
        BudgetDay day = new BudgetDay(Instant.parse("2026-10-24T23:30:00Z"), LISBON);
        assertThat(day.date()).isEqualTo(LocalDate.parse("2026-10-25"));
        assertThat(day.ends()).isEqualTo("2026-10-26T00:00:00Z");
    }
}
