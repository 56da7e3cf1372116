package org.capitania.watchdog.checks;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When a company's briefs are due.
 *
 * @param time of the day at which they are, on the company's clock
 * @param dues the times that are known: the latest that came, and the next
 */
record BriefDays(ZoneId zone, LocalTime time, List<Instant> dues) {

    static BriefDays of(ZoneId zone, Instant next, List<Instant> dues) {
        return new BriefDays(zone, next.atZone(zone).toLocalTime(), List.copyOf(dues));
    }

    /**
     * The days whose brief should have been delivered by now, with the time it was due.
     *
     * @param open days that were missed before and may still be
     * @param late how long after that time it is still in time
     */
    SortedMap<LocalDate, Instant> expected(Collection<LocalDate> open, Instant now, Duration late) {
        SortedMap<LocalDate, Instant> expected = new TreeMap<>();
        open.forEach(day -> expected.put(day, day.atTime(time).atZone(zone).toInstant()));
        for (Instant due : dues) {
            if (!due.plus(late).isAfter(now)) {
                expected.put(due.atZone(zone).toLocalDate(), due);
            }
        }
        return expected;
    }
}
