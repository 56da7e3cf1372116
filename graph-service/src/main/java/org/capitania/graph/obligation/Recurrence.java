package org.capitania.graph.obligation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * A series of due times: an RFC 5545 rule, counted from its first, on the clock on the wall of a time zone. What is due at nine is due at
 * nine on both sides of a clock change; a time that a change skips is due as much later as was skipped.
 */
record Recurrence(RecurrenceRule rule, Instant from, ZoneId zone) {
    private static final Set<Freq> FREQUENCIES = EnumSet.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);
    /** More than fifty years of days: what is further away is not waited for. */
    private static final int MOST_STEPS = 20_000;

    /** The series of a rule; {@code IllegalArgumentException} says what is wrong with it. */
    static Recurrence of(String rrule, Instant from, ZoneId zone) {
        try {
            RecurrenceRule rule = new RecurrenceRule(rrule, RecurrenceRule.RfcMode.RFC5545_STRICT);
            if (!FREQUENCIES.contains(rule.getFreq())) {
                throw new IllegalArgumentException("an obligation recurs by the day, week, month or year");
            }
            DateTime until = rule.getUntil();
            // Expanded on the wall clock, so its end is put there too.
            if (until != null && until.isAllDay()) {
                rule.setUntil(floating(
                        LocalDateTime.of(until.getYear(), until.getMonth() + 1, until.getDayOfMonth(), 23, 59, 59)));
            } else if (until != null && !until.isFloating()) {
                rule.setUntil(floating(LocalDateTime.ofInstant(Instant.ofEpochMilli(until.getTimestamp()), zone)));
            }
            return new Recurrence(rule, from, zone);
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The first due time after {@code moment}; empty when the series has ended, {@code IllegalArgumentException} when its date never comes. */
    Optional<Instant> after(Instant moment) {
        RecurrenceRuleIterator times = rule.iterator(floating(from.atZone(zone).toLocalDateTime()));
        for (int i = 0; i < MOST_STEPS && times.hasNext(); i++) {
            Instant time = ZonedDateTime.of(wall(times.nextDateTime()), zone).toInstant();
            if (time.isAfter(moment)) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    /**
     * The turn after the one that is due at {@code due}. One that was moved off the rule, forward or back, is still the turn it was:
     * {@code known}, the turn after it as worked out before, stays.
     */
    Optional<Instant> next(Instant due, @Nullable Instant known) {
        Optional<Instant> following = after(due);
        if (known == null || due.equals(known) || has(due) || !has(known)) {
            return following;
        }
        boolean itsOwnTurnAtMostBetween = due.isAfter(known)
                || following.equals(Optional.of(known))
                || following.flatMap(this::after).equals(Optional.of(known));
        return itsOwnTurnAtMostBetween ? Optional.of(known) : following;
    }

    private boolean has(Instant moment) {
        return after(moment.minusNanos(1)).equals(Optional.of(moment));
    }

    /** The due time nearest to {@code moment}; empty when the series has none. */
    Optional<Instant> nearest(Instant moment) {
        Instant before = null;
        RecurrenceRuleIterator times = rule.iterator(floating(from.atZone(zone).toLocalDateTime()));
        for (int i = 0; i < MOST_STEPS && times.hasNext(); i++) {
            Instant time = ZonedDateTime.of(wall(times.nextDateTime()), zone).toInstant();
            if (time.isAfter(moment)) {
                return Optional.of(
                        before == null || Duration.between(before, moment).compareTo(Duration.between(moment, time)) > 0
                                ? time
                                : before);
            }
            before = time;
        }
        return Optional.ofNullable(before);
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
