package org.capitania.graph.obligation;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * The hours a company works, in its time zone. An hour is an hour that passes: a day on which the clocks change between opening and
 * closing is as long as it is.
 */
record BusinessHours(ZoneId zone, Set<DayOfWeek> days, LocalTime opens, LocalTime closes, Set<LocalDate> holidays) {
    BusinessHours {
        if (days.isEmpty() || !opens.isBefore(closes)) {
            throw new IllegalStateException(
                    "hq.obligations: there is no business hour between " + opens + " and " + closes + " on " + days);
        }
    }

    /** The moment at which so many business hours have passed since {@code start}; the end of a day rather than the start of the next. */
    Instant after(Instant start, int hours) {
        Duration left = Duration.ofHours(hours);
        LocalDate day = start.atZone(zone).toLocalDate();
        while (true) {
            if (days.contains(day.getDayOfWeek()) && !holidays.contains(day)) {
                Instant open = later(start, day.atTime(opens).atZone(zone).toInstant());
                Instant close = day.atTime(closes).atZone(zone).toInstant();
                Duration today = Duration.between(open, close);
                if (today.compareTo(left) >= 0) {
                    return open.plus(left);
                }
                left = today.isNegative() ? left : left.minus(today);
            }
            day = day.plusDays(1);
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
