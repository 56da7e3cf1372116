package org.capitania.graph.obligation;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.servicekit.recur.WallClockSeries;
import org.jspecify.annotations.Nullable;

/** A series of due times. */
record Recurrence(WallClockSeries series, Instant from) {

    /** The series of a rule; {@code IllegalArgumentException} says what is wrong with it. */
    static Recurrence of(String rrule, Instant from, ZoneId zone) {
        return new Recurrence(WallClockSeries.of(rrule, from.atZone(zone).toLocalDateTime(), zone), from);
    }

    /** The first due time after {@code moment}; empty when the series has ended, {@code IllegalArgumentException} when its date never comes. */
    Optional<Instant> after(Instant moment) {
        return times().filter(time -> time.isAfter(moment)).findFirst();
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
        for (Iterator<Instant> times = times().iterator(); times.hasNext(); ) {
            Instant time = times.next();
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

    private Stream<Instant> times() {
        return series.times().map(ZonedDateTime::toInstant);
    }
}
