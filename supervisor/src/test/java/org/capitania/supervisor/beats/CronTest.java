package org.capitania.supervisor.beats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");

    @ParameterizedTest
    @CsvSource({
        "0 7 * * *, 2026-11-22T05:00:00Z, 2026-11-22T07:00:00Z",
        "0 7 * * *, 2026-11-22T07:00:00Z, 2026-11-23T07:00:00Z",
        "0 7 * * *, 2026-07-01T05:00:00Z, 2026-07-01T06:00:00Z",
        "0 4 * * 0, 2026-11-22T05:00:00Z, 2026-11-29T04:00:00Z",
        "0 4 * * 7, 2026-11-22T05:00:00Z, 2026-11-29T04:00:00Z",
        "*/20 9-10 * * 1-5, 2026-11-20T10:41:00Z, 2026-11-23T09:00:00Z",
        "'5,50 0 1 * *', 2026-11-22T00:00:00Z, 2026-12-01T00:05:00Z",
        "0 0 29 2 *, 2026-11-22T00:00:00Z, 2028-02-29T00:00:00Z",
        "0 12 13 * 5, 2026-11-22T00:00:00Z, 2026-11-27T12:00:00Z",
    })
    void shouldFindTheNextDueTime(String cron, Instant after, Instant due) {
        assertThat(Cron.parse(cron).next(after, LISBON)).isEqualTo(due);
    }

    @Test
    void shouldFireAtTheChangeWhenItsTimeIsLeftOut() {
        // At one in the night of 29 March the clocks go to two.
        Cron half = Cron.parse("30 1 * * *");

        assertThat(half.next(Instant.parse("2026-03-28T12:00:00Z"), LISBON)).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(half.next(Instant.parse("2026-03-29T01:00:00Z"), LISBON)).isEqualTo("2026-03-30T00:30:00Z");
        assertThat(Cron.parse("*/10 1 * * *").next(Instant.parse("2026-03-29T01:00:00Z"), LISBON))
                .as("six times that are left out are one")
                .isEqualTo("2026-03-30T00:00:00Z");
    }

    @Test
    void shouldFireOnceWhenItsTimeComesTwice() {
        // At two in the night of 25 October the clocks go back to one.
        Cron half = Cron.parse("30 1 * * *");

        assertThat(half.next(Instant.parse("2026-10-24T12:00:00Z"), LISBON)).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(half.next(Instant.parse("2026-10-25T00:30:00Z"), LISBON)).isEqualTo("2026-10-26T01:30:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 7 * *",
                "60 7 * * *",
                "0 24 * * *",
                "0 7 0 * *",
                "0 7 * 13 *",
                "0 7 * * 8",
                "a 7 * * *",
                "5-2 7 * * *"
            })
    void shouldSayWhatIsWrong(String cron) {
        assertThatThrownBy(() -> Cron.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void shouldRefuseWhatIsNeverDue() {
        assertThatThrownBy(() -> Cron.parse("0 0 30 2 *").next(Instant.EPOCH, LISBON))
                .hasMessageContaining("never due");
    }

    /** Against every minute of the local clock, one after the other, around both changes of a year. */
    @Test
    void shouldMissNoMinuteOfTheLocalClockAndTakeNoneTwice() {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            ZoneId zone =
                    ZoneId.of(List.of("Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")
                            .get(random.nextInt(4)));
            int minute = random.nextInt(60);
            int step = 1 + random.nextInt(30);
            int hour = random.nextInt(4);
            String text = minute + "/" + step + " " + hour + "-" + (hour + 2) + " * * *";
            Instant from = Instant.parse(random.nextBoolean() ? "2018-02-10T00:00:00Z" : "2026-03-01T00:00:00Z");
            Instant to = from.plusSeconds(270L * 86_400);
            List<Instant> found = new ArrayList<>();
            for (Instant due = Cron.parse(text).next(from, zone); due.isBefore(to); ) {
                found.add(due);
                due = Cron.parse(text).next(due, zone);
            }
            assertThat(found)
                    .as("seed %s: %s in %s", seed, text, zone)
                    .containsExactlyElementsOf(expected(minute, step, hour, zone, from, to));
        }
    }

    private static SortedSet<Instant> expected(int minute, int step, int hour, ZoneId zone, Instant from, Instant to) {
        SortedSet<Instant> due = new TreeSet<>();
        LocalDateTime last = LocalDateTime.ofInstant(to, zone).plusDays(1);
        for (LocalDateTime local =
                        LocalDateTime.ofInstant(from, zone).minusDays(1).withSecond(0);
                local.isBefore(last);
                local = local.plusMinutes(1)) {
            boolean fits = local.getHour() >= hour
                    && local.getHour() <= hour + 2
                    && local.getMinute() >= minute
                    && (local.getMinute() - minute) % step == 0;
            if (fits) {
                List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
                Instant at = offsets.isEmpty()
                        ? zone.getRules().getTransition(local).getInstant()
                        : local.toInstant(offsets.getFirst());
                if (at.isAfter(from) && at.isBefore(to)) {
                    due.add(at);
                }
            }
        }
        return due;
    }
}
