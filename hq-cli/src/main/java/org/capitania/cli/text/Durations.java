package org.capitania.cli.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.cli.Failure;

/** Lengths and points of time as people type them. */
public final class Durations {
    private static final Pattern SHORT = Pattern.compile("(\\d+)(ms|s|m|min|h|d)");

    private Durations() {}

    /** {@code 90s}, {@code 15m}, {@code 2h}, {@code 3d}, or ISO-8601. */
    public static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
        try {
            if (!matcher.matches()) {
                return Duration.parse(text.strip());
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofMinutes(amount);
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw Failure.caller("bad_time", "expected a length of time such as 90s, 15m, 2h or 3d; found " + text);
        }
    }

    /** As {@link #instant}, but a length of time is one from now on. */
    public static Instant ahead(String text, Instant now, ZoneId zone) {
        return SHORT.matcher(text.strip().toLowerCase(Locale.ROOT)).matches()
                ? now.plus(parse(text))
                : instant(text, now, zone);
    }

    /** An ISO-8601 time or date (of this machine's zone where none is given), or a length of time before now. */
    public static Instant instant(String text, Instant now, ZoneId zone) {
        String given = text.strip();
        if (SHORT.matcher(given.toLowerCase(Locale.ROOT)).matches()) {
            return now.minus(parse(given));
        }
        try {
            if (given.length() == "2026-01-31".length()) {
                return LocalDate.parse(given).atStartOfDay(zone).toInstant();
            }
            boolean zoned = given.endsWith("Z") || given.matches(".*[+-]\\d\\d:?\\d\\d$");
            return zoned
                    ? OffsetDateTime.parse(given).toInstant()
                    : LocalDateTime.parse(given.replace(' ', 'T')).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw Failure.caller(
                    "bad_time",
                    "expected a time such as 2026-01-31T12:00:00Z, a date, or an age such as 10m; found " + text);
        }
    }
}
