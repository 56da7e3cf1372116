package org.capitania.graph.obligation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;

class BusinessHoursTest {
    private static final Set<DayOfWeek> WEEK = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final BusinessHours OFFICE =
            new BusinessHours(LISBON, WEEK, LocalTime.of(9, 0), LocalTime.of(18, 0), Set.of(LocalDate.of(2026, 4, 3)));

    @Test
    void shouldWaitOverNightWeekendAndHolidayWhenCountingBusinessHours() {
        // Friday 17:00 and four hours: Monday 12:00.
        assertThat(OFFICE.after(lisbon("2026-03-20T17:00"), 4)).isEqualTo(lisbon("2026-03-23T12:00"));
        // Thursday 17:00, then Good Friday.
        assertThat(OFFICE.after(lisbon("2026-04-02T17:00"), 2)).isEqualTo(lisbon("2026-04-06T10:00"));
        // Sunday: the week begins on Monday at nine, in summer time by then.
        assertThat(OFFICE.after(lisbon("2026-03-29T03:00"), 1)).isEqualTo(Instant.parse("2026-03-30T09:00:00Z"));
        // The end of the day is in time.
        assertThat(OFFICE.after(lisbon("2026-03-23T09:00"), 9)).isEqualTo(lisbon("2026-03-23T18:00"));
    }

    @Test
    void shouldAgreeWithCountingMinutesForAnyHoursAndZone() {
        List<String> zones =
                List.of("Europe/Lisbon", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "UTC");
        for (int seed = 0; seed < Soak.count(60, 5_000); seed++) {
            RandomGenerator random = new Random(seed);
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            Set<DayOfWeek> days = EnumSet.of(
                    DayOfWeek.of(1 + random.nextInt(7)), DayOfWeek.of(1 + random.nextInt(7)), DayOfWeek.FRIDAY);
            int opens = random.nextInt(12);
            LocalTime open = LocalTime.of(opens, random.nextBoolean() ? 0 : 30);
            LocalTime close = LocalTime.of(opens + 1 + random.nextInt(23 - opens), 0);
            if (!open.isBefore(close)) {
                continue;
            }
            Instant start =
                    Instant.parse("2026-03-01T00:00:00Z").plus(random.nextInt(300 * 24 * 60), ChronoUnit.MINUTES);
            Set<LocalDate> holidays = Set.of(start.atZone(zone).toLocalDate().plusDays(random.nextInt(5)));
            int hours = 1 + random.nextInt(30);
            BusinessHours calendar = new BusinessHours(zone, days, open, close, holidays);
            assertThat(calendar.after(start, hours))
                    .as("seed %d: %d h from %s, %s to %s on %s in %s", seed, hours, start, open, close, days, zone)
                    .isEqualTo(counted(calendar, start, hours));
        }
    }

    @Test
    void shouldRefuseWhenThereIsNoBusinessHour() {
        assertThatThrownBy(() -> new BusinessHours(LISBON, Set.of(), LocalTime.of(9, 0), LocalTime.of(18, 0), Set.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new BusinessHours(LISBON, WEEK, LocalTime.of(18, 0), LocalTime.of(9, 0), Set.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    /** The same by looking at every minute. */
    private static Instant counted(BusinessHours calendar, Instant start, int hours) {
        int left = hours * 60;
        Instant minute = start;
        while (left > 0) {
            ZonedDateTime at = minute.atZone(calendar.zone());
            Instant opens = at.toLocalDate()
                    .atTime(calendar.opens())
                    .atZone(calendar.zone())
                    .toInstant();
            Instant closes = at.toLocalDate()
                    .atTime(calendar.closes())
                    .atZone(calendar.zone())
                    .toInstant();
            if (calendar.days().contains(at.getDayOfWeek())
                    && !calendar.holidays().contains(at.toLocalDate())
                    && !minute.isBefore(opens)
                    && minute.isBefore(closes)) {
                left--;
            }
            minute = minute.plus(1, ChronoUnit.MINUTES);
        }
        return minute;
    }

    private static Instant lisbon(String local) {
        return java.time.LocalDateTime.parse(local).atZone(LISBON).toInstant();
    }
}
