package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/**
 * How much of its own window a provider says is used, in the headers of its answers: where there is such a window it is the plan of the 90 %
 * rule as well (seeds 27.2). A limit that is there again within minutes is none, but a pace, of which 429 speaks.
 */
@ApplicationScoped
class ProviderWindows {
    private static final BigDecimal TIGHT = new BigDecimal("0.9");
    private static final BigDecimal MOST = new BigDecimal("100");
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(366);

    /** Of the Messages API with a subscription's key: {@code anthropic-ratelimit-unified-5h-utilization: 0.42}. */
    private static final Pattern UTILIZATION = Pattern.compile("(anthropic-ratelimit-unified-[a-z0-9]+)-utilization");

    /** Of the Messages API; what is left and when all of it is stand beside it. */
    private static final Pattern LIMIT = Pattern.compile("anthropic-ratelimit-([a-z-]+)-limit");

    /** Of chat completions and responses. */
    private static final Pattern LIMIT_OF = Pattern.compile("x-ratelimit-limit-([a-z-]+)");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,9})?");
    private static final Pattern LENGTH = Pattern.compile(
            "(?:(\\d{1,4})d)?(?:(\\d{1,4})h)?(?:(\\d{1,5})m)?(?:(\\d{1,6})(?:\\.\\d+)?s)?(?:\\d+(?:\\.\\d+)?ms)?");

    /**
     * One window.
     *
     * @param used 0 to 1
     * @param ends when all of it is there again
     */
    record Window(String name, BigDecimal used, Instant ends) {}

    /** What the headers of an answer say; what is unreadable is left out. */
    static List<Window> read(HttpHeaders headers, Instant now) {
        List<Window> windows = new ArrayList<>();
        for (String said : headers.map().keySet()) {
            String name = said.toLowerCase(Locale.ROOT);
            Matcher utilization = UTILIZATION.matcher(name);
            Matcher limit = LIMIT.matcher(name);
            Matcher limitOf = LIMIT_OF.matcher(name);
            if (utilization.matches()) {
                String window = utilization.group(1);
                add(windows, window, number(headers, name), ends(headers, window + "-reset", now));
            } else if (limit.matches()) {
                String window = "anthropic-ratelimit-" + limit.group(1);
                Optional<BigDecimal> used = used(number(headers, name), number(headers, window + "-remaining"));
                add(windows, window, used, ends(headers, window + "-reset", now));
            } else if (limitOf.matches()) {
                String of = limitOf.group(1);
                Optional<BigDecimal> used = used(number(headers, name), number(headers, "x-ratelimit-remaining-" + of));
                add(windows, "x-ratelimit-" + of, used, ends(headers, "x-ratelimit-reset-" + of, now));
            }
        }
        windows.removeIf(window ->
                window.ends().isBefore(now.plus(SHORTEST)) || window.ends().isAfter(now.plus(LONGEST)));
        return windows;
    }

    private static void add(List<Window> windows, String name, Optional<BigDecimal> used, Optional<Instant> ends) {
        if (used.isPresent() && ends.isPresent()) {
            windows.add(new Window(name, used.get().min(MOST), ends.get()));
        }
    }

    private static Optional<BigDecimal> used(Optional<BigDecimal> limit, Optional<BigDecimal> remaining) {
        return limit.filter(all -> all.signum() > 0)
                .flatMap(all -> remaining.map(left -> BigDecimal.ONE
                        .subtract(left.divide(all, 4, RoundingMode.HALF_UP))
                        .max(BigDecimal.ZERO)));
    }

    private static Optional<BigDecimal> number(HttpHeaders headers, String name) {
        return headers.firstValue(name)
                .map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(BigDecimal::new);
    }

    /** A time in full, in seconds since 1970, or a length of time such as {@code 6h30m0s}. */
    private static Optional<Instant> ends(HttpHeaders headers, String name, Instant now) {
        return headers.firstValue(name).map(String::strip).flatMap(text -> {
            Matcher length = LENGTH.matcher(text);
            try {
                if (NUMBER.matcher(text).matches()) {
                    return Optional.of(Instant.ofEpochSecond(new BigDecimal(text).longValue()));
                }
                return !text.isEmpty() && length.matches()
                        ? Optional.of(now.plus(length(length)))
                        : Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        });
    }

    private static Duration length(Matcher length) {
        return Duration.ofDays(part(length, 1))
                .plusHours(part(length, 2))
                .plusMinutes(part(length, 3))
                .plusSeconds(part(length, 4));
    }

    private static long part(Matcher length, int group) {
        String text = length.group(group);
        return text == null ? 0 : Long.parseLong(text);
    }

    /** Keeps what an answer said. */
    void heard(Tx tx, String provider, List<Window> windows) {
        for (Window window : windows) {
            tx.put("""
                    INSERT INTO provider_windows (provider, name, used, ends_at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (tenant_id, provider, name) DO UPDATE
                       SET used = excluded.used, ends_at = excluded.ends_at, heard_at = clock_timestamp()
                    """, provider, window.name(), window.used(), Times.db(window.ends()));
        }
    }

    /** The window that is as good as used up, in words; empty when there is none. */
    Optional<String> tight(Tx tx) {
        return tx.one("""
                        SELECT provider, name, used, ends_at FROM provider_windows WHERE used >= $1 AND ends_at > clock_timestamp()
                         ORDER BY used DESC, provider, name LIMIT 1
                        """, TIGHT)
                .map(row -> row.getString("provider") + " says that "
                        + row.getBigDecimal("used").movePointRight(2).setScale(0, RoundingMode.DOWN)
                        + " % of its own window are used until " + Times.instant(row, "ends_at"));
    }
}
