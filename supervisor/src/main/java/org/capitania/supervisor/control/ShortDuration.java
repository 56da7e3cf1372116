package org.capitania.supervisor.control;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Durations as people type them: {@code 90s}, {@code 30m}, {@code 2h}, {@code 3d}, or ISO-8601. */
final class ShortDuration {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,6})([smhd])");

    private ShortDuration() {}

    static Duration parse(String text) {
        Matcher parts = SHORT.matcher(text.trim().toLowerCase(Locale.ROOT));
        Duration duration = parts.matches() ? ofShort(parts) : ofIso(text);
        if (duration.isZero() || duration.isNegative()) {
            throw wrong(text);
        }
        return duration;
    }

    private static Duration ofShort(Matcher parts) {
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Duration ofIso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(text);
        }
    }

    private static CapitaniaException wrong(String text) {
        return new CapitaniaException(
                ErrorCode.BAD_REQUEST, "not a duration: " + text + "; expected for example 30m, 2h, 3d or PT2H");
    }
}
