package org.capitania.registry.calendar;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * The begins of an event that recurs by an RFC 5545 rule, on the clock on the wall: what begins at nine begins at nine on both sides of a
 * clock change.
 */
record Series(RecurrenceRule rule, LocalDateTime first, ZoneId zone) {
    private static final Set<Freq> FREQUENCIES = EnumSet.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);
    /** More than fifty years of days. */
    private static final int MOST_STEPS = 20_000;

    /** {@code IllegalArgumentException} says what is wrong with the rule. */
    static Series of(String rrule, LocalDateTime first, ZoneId zone) {
        try {
            RecurrenceRule rule = new RecurrenceRule(rrule, RecurrenceRule.RfcMode.RFC5545_STRICT);
            if (!FREQUENCIES.contains(rule.getFreq())) {
                throw new IllegalArgumentException("an event recurs by the day, week, month or year");
            }
            DateTime until = rule.getUntil();
            // Expanded on the wall clock, so its end is put there too.
            if (until != null && until.isAllDay()) {
                rule.setUntil(floating(
                        LocalDateTime.of(until.getYear(), until.getMonth() + 1, until.getDayOfMonth(), 23, 59, 59)));
            } else if (until != null && !until.isFloating()) {
                rule.setUntil(floating(LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), zone)));
            }
            return new Series(rule, first, zone);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Those from one time to before another, in order; at most so many. */
    List<ZonedDateTime> between(ZonedDateTime from, ZonedDateTime to, int most) {
        List<ZonedDateTime> found = new ArrayList<>();
        RecurrenceRuleIterator times = rule.iterator(floating(first));
        for (int i = 0; i < MOST_STEPS && times.hasNext() && found.size() < most; i++) {
            ZonedDateTime time = ZonedDateTime.of(wall(times.nextDateTime()), zone);
            if (!time.isBefore(to)) {
                break;
            }
            if (!time.isBefore(from)) {
                found.add(time);
            }
        }
        return found;
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
