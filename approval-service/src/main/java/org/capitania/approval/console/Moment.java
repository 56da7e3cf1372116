package org.capitania.approval.console;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A point in time as a page shows it; on the wire the instant alone.
 *
 * @param distance in words, for example {@code 12 min ago} or {@code in 3 days}
 */
record Moment(Instant instant, String distance) {
    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    static Moment of(Instant instant, Instant now) {
        Duration past = Duration.between(instant, now);
        String words = words(past.abs());
        if (words.equals("now")) {
            return new Moment(instant, "just now");
        }
        return new Moment(instant, past.isNegative() ? "in " + words : words + " ago");
    }

    @JsonValue
    public String iso() {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    public String plain() {
        return PLAIN.format(instant);
    }

    private static String words(Duration distance) {
        long minutes = distance.toMinutes();
        if (minutes < 1) {
            return "now";
        }
        if (minutes < 60) {
            return minutes + " min";
        }
        if (distance.toHours() < 24) {
            return distance.toHours() + " h";
        }
        return distance.toDays() == 1 ? "1 day" : distance.toDays() + " days";
    }
}
