package org.capitania.servicekit.recur;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * The times of an RFC 5545 rule, counted from its first, on the clock on the wall of a time zone. What comes at nine comes at nine on both
 * sides of a clock change; a time that a change skips comes as much later as was skipped.
 */
public final class WallClockSeries {
    private static final Set<Freq> FREQUENCIES = EnumSet.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);
    /** More than fifty years of days: what is further away is not waited for. */
    private static final int MOST_STEPS = 20_000;

    private final RecurrenceRule rule;
    private final LocalDateTime first;
    private final ZoneId zone;

    private WallClockSeries(RecurrenceRule rule, LocalDateTime first, ZoneId zone) {
        this.rule = rule;
        this.first = first;
        this.zone = zone;
    }

    /** The series of a rule; {@code IllegalArgumentException} says what is wrong with it. */
    public static WallClockSeries of(String rrule, LocalDateTime first, ZoneId zone) {
        try {
            RecurrenceRule rule = new RecurrenceRule(rrule, RecurrenceRule.RfcMode.RFC5545_STRICT);
            if (!FREQUENCIES.contains(rule.getFreq())) {
                throw new IllegalArgumentException("it recurs by the day, week, month or year");
            }
            DateTime until = rule.getUntil();
            // Expanded on the wall clock, so its end is put there too.
            if (until != null && until.isAllDay()) {
                rule.setUntil(floating(
                        LocalDateTime.of(until.getYear(), until.getMonth() + 1, until.getDayOfMonth(), 23, 59, 59)));
            } else if (until != null && !until.isFloating()) {
                rule.setUntil(floating(LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), zone)));
            }
            return new WallClockSeries(rule, first, zone);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** In order, worked out as they are asked for; {@code IllegalArgumentException} then when the rule's date never comes. */
    public Stream<ZonedDateTime> times() {
        return Stream.iterate(rule.iterator(floating(first)), RecurrenceRuleIterator::hasNext, times -> times)
                .limit(MOST_STEPS)
                .map(times -> ZonedDateTime.of(wall(times.nextDateTime()), zone));
    }

    private static DateTime floating(LocalDateTime time) {
        return new DateTime(
                (TimeZone) null,
                time.getYear(),
                time.getMonthValue() - 1,
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond());
    }

    private static LocalDateTime wall(DateTime time) {
        return LocalDateTime.of(
                time.getYear(),
                time.getMonth() + 1,
                time.getDayOfMonth(),
                time.getHours(),
                time.getMinutes(),
                time.getSeconds());
    }
}
