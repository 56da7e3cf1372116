package org.capitania.cli.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as a person says them, seen from one instant: {@code 3 min ago}, {@code in 2 h}, {@code 12 d ago}. */
public record Ages(Instant now) {

    /** The age of an ISO-8601 time; the text itself when it is none. */
    public String of(String time) {
        if (time.isBlank()) {
            return "";
        }
        try {
            return of(OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeException e) {
            return time;
        }
    }

    public String of(Instant time) {
        Duration age = Duration.between(time, now);
        if (age.isNegative()) {
            return age.negated().toSeconds() < 5 ? "now" : "in " + length(age.negated());
        }
        return age.toSeconds() < 5 ? "now" : length(age) + " ago";
    }

    /** A length of time in its one most telling unit. */
    public static String length(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 1) {
            return length.toMillis() + " ms";
        }
        if (seconds < 90) {
            return seconds + " s";
        }
        if (seconds < 90 * 60) {
            return (seconds + 30) / 60 + " min";
        }
        if (seconds < 36 * 3600) {
            return (seconds + 1800) / 3600 + " h";
        }
        return (seconds + 43_200) / 86_400 + " d";
    }
}
