package org.capitania.supervisor.beats;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One beat.
 *
 * @param role the agent it is for; null when it is a service's own
 * @param after the beat that comes first where both are due; null when none has to
 * @param quiet the beat that a service hears in its stead when there is no news to wake an agent for; null where none does
 * @param missed what becomes of due times that went by while nobody looked
 */
record Beat(
        String name,
        @Nullable String role,
        String description,
        String cron,
        @Nullable String after,
        @Nullable String quiet,
        Missed missed) {

    /** For due times that went by. */
    enum Missed {
        /** Fires once for all of them. */
        @JsonProperty("once")
        ONCE,
        /** Waits for the next one. */
        @JsonProperty("skip")
        SKIP
    }

    /**
     * What to do at a due time.
     *
     * @param fires false: it went by too long ago
     * @param dueAt the latest due time that has come
     * @param before due times before that one which nobody has seen
     */
    record Turn(boolean fires, Instant dueAt, int before, Instant nextDueAt) {}

    /** Counted no further; a beat of every minute that slept for a year is not worth more. */
    private static final int MOST_MISSED = 10_000;

    /**
     * What to do now about a due time that has come.
     *
     * @param late how late a firing may be and still be on time
     */
    Turn turn(Instant due, Instant now, ZoneId zone, Duration late) {
        Cron schedule = Cron.parse(cron);
        Instant latest = due;
        int before = 0;
        for (Instant next = schedule.next(latest, zone);
                !next.isAfter(now) && before < MOST_MISSED;
                next = schedule.next(latest, zone)) {
            latest = next;
            before++;
        }
        boolean onTime = !latest.plus(late).isBefore(now);
        return new Turn(onTime || missed == Missed.ONCE, latest, before, schedule.next(now, zone));
    }
}
