package org.capitania.ingest.mime;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the dates that mailers write: RFC 5322 in every shape, asctime, ISO 8601, month names of four languages. */
final class MailDates {
    private static final Pattern DAY_FIRST = Pattern.compile(
            "(\\d{1,2})[\\s-]+([A-Za-z\u00e7]{3,})\\.?[\\s-]+(\\d{2,4})[,\\s]+(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?\\s*(am|pm)?\\s*([+-]\\d{2}:?\\d{2}|[A-Za-z]{1,5})?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ASCTIME = Pattern.compile(
            "([A-Za-z]{3})\\s+(\\d{1,2})\\s+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?\\s+(?:([A-Za-z]{1,5})\\s+)?(\\d{4})");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Map<String, Integer> OTHER_MONTHS = Map.of(
            "fev", 2, "abr", 4, "mai", 5, "ago", 8, "set", 9, "out", 10, "dez", 12, "okt", 10, "ene", 1, "dic", 12);
    private static final Map<String, Integer> ZONES = Map.ofEntries(
            Map.entry("est", -5),
            Map.entry("edt", -4),
            Map.entry("cst", -6),
            Map.entry("cdt", -5),
            Map.entry("mst", -7),
            Map.entry("mdt", -6),
            Map.entry("pst", -8),
            Map.entry("pdt", -7),
            Map.entry("cet", 1),
            Map.entry("cest", 2),
            Map.entry("west", 1),
            Map.entry("bst", 1),
            Map.entry("eet", 2),
            Map.entry("eest", 3),
            Map.entry("jst", 9),
            Map.entry("brt", -3));

    private MailDates() {}

    static Optional<Instant> parse(@Nullable String header) {
        if (header == null || header.length() > 300) {
            return Optional.empty();
        }
        String text = header.replaceAll("\\([^)]*\\)", " ").strip();
        try {
            return read(text).filter(MailDates::plausible);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean plausible(Instant when) {
        return when.getEpochSecond() > 0 && when.getEpochSecond() < 4_102_444_800L;
    }

    private static Optional<Instant> read(String text) {
        Matcher m = DAY_FIRST.matcher(text);
        if (m.find()) {
            int month = month(group(m, 2));
            if (month > 0) {
                return Optional.of(instant(
                        year(group(m, 3)),
                        month,
                        group(m, 1),
                        hour(group(m, 4), group(m, 7)),
                        group(m, 5),
                        group(m, 6),
                        group(m, 8)));
            }
        }
        m = ASCTIME.matcher(text);
        if (m.find()) {
            int month = month(group(m, 1));
            if (month > 0) {
                return Optional.of(instant(
                        Integer.parseInt(group(m, 7)),
                        month,
                        group(m, 2),
                        Integer.parseInt(group(m, 3)),
                        group(m, 4),
                        group(m, 5),
                        group(m, 6)));
            }
        }
        try {
            return Optional.of(OffsetDateTime.parse(
                            text.replaceFirst("(?<=\\d) (?=\\d)", "T").replace(" ", ""))
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(
            int year, int month, String day, int hour, String minute, String second, String zone) {
        int s = second.isEmpty() ? 0 : Math.min(59, Integer.parseInt(second));
        return LocalDateTime.of(year, month, Integer.parseInt(day), hour, Integer.parseInt(minute), s)
                .toInstant(offset(zone));
    }

    private static ZoneOffset offset(String zone) {
        if (zone.startsWith("+") || zone.startsWith("-")) {
            String digits = zone.substring(1).replace(":", "");
            int minutes = Integer.parseInt(digits.substring(0, 2)) * 60 + Integer.parseInt(digits.substring(2));
            return minutes > 18 * 60
                    ? ZoneOffset.UTC
                    : ZoneOffset.ofTotalSeconds(zone.startsWith("-") ? -minutes * 60 : minutes * 60);
        }
        return ZoneOffset.ofHours(ZONES.getOrDefault(zone.toLowerCase(Locale.ROOT), 0));
    }

    private static int hour(String hour, String half) {
        int h = Integer.parseInt(hour);
        if (half.equalsIgnoreCase("pm") && h < 12) {
            return h + 12;
        }
        return half.equalsIgnoreCase("am") && h == 12 ? 0 : h;
    }

    private static int year(String text) {
        int y = Integer.parseInt(text);
        return y < 50 ? 2000 + y : y < 1000 ? 1900 + y % 1000 : y;
    }

    private static int month(String name) {
        String three = name.substring(0, 3).toLowerCase(Locale.ROOT);
        int english = MONTHS.indexOf(three) + 1;
        return english > 0 ? english : OTHER_MONTHS.getOrDefault(three, 0);
    }

    private static String group(Matcher m, int n) {
        String s = m.group(n);
        return s == null ? "" : s;
    }
}
