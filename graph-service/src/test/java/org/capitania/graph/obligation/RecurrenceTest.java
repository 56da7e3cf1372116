package org.capitania.graph.obligation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final List<ZoneId> ZONES = List.of(
            LISBON,
            ZoneId.of("UTC"),
            ZoneId.of("America/New_York"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("Africa/Casablanca"));

    @Test
    void shouldStayAtNineOnTheWallWhenTheClocksChange() {
        Recurrence weekly = Recurrence.of("FREQ=WEEKLY", at("2026-03-23T09:00", LISBON), LISBON);
        assertThat(times(weekly, 2)).containsExactly(at("2026-03-30T09:00", LISBON), at("2026-04-06T09:00", LISBON));
        assertThat(times(weekly, 1).getFirst()).isEqualTo(Instant.parse("2026-03-30T08:00:00Z"));
    }

    @Test
    void shouldBeDueAnHourLaterWhenTheClocksSkipItsTime() {
        Recurrence daily = Recurrence.of("FREQ=DAILY", at("2026-03-28T01:30", LISBON), LISBON);
        assertThat(times(daily, 2))
                .containsExactly(Instant.parse("2026-03-29T01:30:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Test
    void shouldComeOnceWhenAnHourHappensTwice() {
        Recurrence daily = Recurrence.of("FREQ=DAILY", at("2026-10-24T01:30", LISBON), LISBON);
        assertThat(times(daily, 2))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void shouldWaitForTheLeapDayWhenItIsYearlyOnIt() {
        Recurrence leap = Recurrence.of("FREQ=YEARLY", at("2024-02-29T12:00", LISBON), LISBON);
        assertThat(times(leap, 2)).containsExactly(at("2028-02-29T12:00", LISBON), at("2032-02-29T12:00", LISBON));
        Recurrence last = Recurrence.of("FREQ=MONTHLY;BYMONTHDAY=-1", at("2028-01-31T12:00", LISBON), LISBON);
        assertThat(times(last, 2)).containsExactly(at("2028-02-29T12:00", LISBON), at("2028-03-31T12:00", LISBON));
    }

    @Test
    void shouldKeepTheTurnAfterItWhenADueTimeIsMovedOffTheRule() {
        Recurrence monthly = Recurrence.of("FREQ=MONTHLY;BYMONTHDAY=1", at("2026-01-01T09:00", LISBON), LISBON);
        Instant march = at("2026-03-01T09:00", LISBON);
        // February's, known to be followed by March's, brought forward, put off, and put off beyond March's
        for (String moved : List.of("2026-01-29T09:00", "2026-02-20T09:00", "2026-03-05T09:00")) {
            assertThat(monthly.next(at(moved, LISBON), march)).as(moved).contains(march);
        }
        // What is on the rule is that turn, and what is far off says which turn it is by its time.
        assertThat(monthly.next(at("2026-01-01T09:00", LISBON), march)).contains(at("2026-02-01T09:00", LISBON));
        assertThat(monthly.next(march, march)).contains(at("2026-04-01T09:00", LISBON));
        assertThat(monthly.next(at("2025-11-20T09:00", LISBON), march)).contains(at("2026-01-01T09:00", LISBON));
        // What is not of this rule is not known.
        assertThat(monthly.next(at("2026-02-20T09:00", LISBON), at("2026-03-02T09:00", LISBON)))
                .contains(march);
        assertThat(monthly.next(at("2026-02-20T09:00", LISBON), null)).contains(march);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20260105T090000Z", "FREQ=DAILY;UNTIL=20260105"})
    void shouldEndWhenItsRuleEnds(String rule) {
        assertThat(times(Recurrence.of(rule, at("2026-01-03T09:00", LISBON), LISBON), 9))
                .containsExactly(at("2026-01-04T09:00", LISBON), at("2026-01-05T09:00", LISBON));
    }

    @Test
    void shouldRefuseWhenItsDateNeverComes() {
        Recurrence never = Recurrence.of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", at("2026-01-03T09:00", LISBON), LISBON);
        assertThatThrownBy(() -> never.after(at("2026-01-03T09:00", LISBON)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"monthly", "FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=99", "INTERVAL=2", "FREQ=WEEKLY;BYDAY=XX"})
    void shouldRefuseWhenTheRuleIsNone(String rule) {
        assertThatThrownBy(() -> Recurrence.of(rule, Instant.EPOCH, LISBON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAgreeWithTheCalendarForAnyIntervalDayAndZone() {
        for (int seed = 0; seed < Soak.count(300, 20_000); seed++) {
            RandomGenerator random = new Random(seed);
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            LocalDateTime start = LocalDate.of(2020, 1, 1)
                    .plusDays(random.nextInt(3000))
                    .atTime(LocalTime.of(random.nextInt(24), random.nextInt(60)));
            int interval = 1 + random.nextInt(5);
            String freq = List.of("DAILY", "WEEKLY", "MONTHLY", "YEARLY").get(random.nextInt(4));
            List<Instant> expected = new ArrayList<>();
            for (int n = 0; expected.size() < 6; n++) {
                LocalDateTime next = step(start, freq, n * interval);
                // A month that has no such day is skipped.
                if (next.getDayOfMonth() == start.getDayOfMonth() || freq.equals("DAILY") || freq.equals("WEEKLY")) {
                    Instant time = ZonedDateTime.of(next, zone).toInstant();
                    if (n > 0) {
                        expected.add(time);
                    }
                }
            }
            Recurrence series = Recurrence.of(
                    "FREQ=" + freq + ";INTERVAL=" + interval, start.atZone(zone).toInstant(), zone);
            // A start that the clocks skipped is where it was moved to, and the wall shows that from then on.
            if (start.atZone(zone).toLocalDateTime().equals(start)) {
                assertThat(times(series, 6))
                        .as("seed %d: %s every %d from %s in %s", seed, freq, interval, start, zone)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldNeitherRepeatNorSkipWhenEachInstanceAsksForItsNext() {
        for (int seed = 0; seed < Soak.count(100, 5_000); seed++) {
            RandomGenerator random = new Random(seed);
            ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
            DayOfWeek day = DayOfWeek.of(1 + random.nextInt(7));
            Instant from = Instant.parse("2025-06-01T00:00:00Z").plus(random.nextInt(500 * 24), ChronoUnit.HOURS);
            String rule =
                    "FREQ=MONTHLY;BYDAY=" + (1 + random.nextInt(4)) + day.name().substring(0, 2);
            List<Instant> chain = times(Recurrence.of(rule, from, zone), 24);
            assertThat(chain)
                    .as("seed %d %s", seed, rule)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(24);
            for (Instant time : chain) {
                assertThat(time.atZone(zone).getDayOfWeek())
                        .as("seed %d %s %s", seed, rule, time)
                        .isEqualTo(day);
            }
            assertThat(ChronoUnit.MONTHS.between(
                            chain.getFirst().atZone(zone).toLocalDate().withDayOfMonth(1),
                            chain.getLast().atZone(zone).toLocalDate().withDayOfMonth(1)))
                    .as("seed %d", seed)
                    .isEqualTo(23);
        }
    }

    private static LocalDateTime step(LocalDateTime start, String freq, int n) {
        return switch (freq) {
            case "DAILY" -> start.plusDays(n);
            case "WEEKLY" -> start.plusWeeks(n);
            case "MONTHLY" -> start.plusMonths(n);
            default -> start.plusYears(n);
        };
    }

    private static List<Instant> times(Recurrence series, int most) {
        List<Instant> all = new ArrayList<>();
        Instant last = series.from();
        while (all.size() < most) {
            var next = series.after(last);
            if (next.isEmpty()) {
                break;
            }
            last = next.get();
            all.add(last);
        }
        return all;
    }

    private static Instant at(String local, ZoneId zone) {
        return LocalDateTime.parse(local).atZone(zone).toInstant();
    }
}
