package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.registry.models.ProviderWindows.Window;
import org.junit.jupiter.api.Test;

/** What providers say of their windows, in the words of their headers. */
class ProviderWindowsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void shouldReadASubscriptionsWindows() {
        assertThat(read(
                        "anthropic-ratelimit-unified-5h-utilization",
                        "0.42",
                        "anthropic-ratelimit-unified-5h-reset",
                        Long.toString(NOW.plusSeconds(3600).getEpochSecond()),
                        "anthropic-ratelimit-unified-7d-utilization",
                        "1.07",
                        "anthropic-ratelimit-unified-7d-reset",
                        "2026-11-25T00:00:00Z",
                        "anthropic-ratelimit-unified-status",
                        "allowed"))
                .containsExactlyInAnyOrder(
                        new Window("anthropic-ratelimit-unified-5h", new BigDecimal("0.42"), NOW.plusSeconds(3600)),
                        new Window(
                                "anthropic-ratelimit-unified-7d",
                                new BigDecimal("1.07"),
                                Instant.parse("2026-11-25T00:00:00Z")));
    }

    @Test
    void shouldReadWhatIsLeftOfALimit() {
        assertThat(read(
                        "anthropic-ratelimit-output-tokens-limit",
                        "1000",
                        "anthropic-ratelimit-output-tokens-remaining",
                        "50",
                        "anthropic-ratelimit-output-tokens-reset",
                        "2026-11-22T15:00:00Z"))
                .containsExactly(new Window(
                        "anthropic-ratelimit-output-tokens",
                        new BigDecimal("0.9500"),
                        Instant.parse("2026-11-22T15:00:00Z")));
        assertThat(read(
                        "x-ratelimit-limit-requests",
                        "200",
                        "x-ratelimit-remaining-requests",
                        "20",
                        "x-ratelimit-reset-requests",
                        "7h12m0.5s"))
                .containsExactly(new Window(
                        "x-ratelimit-requests", new BigDecimal("0.9000"), NOW.plusSeconds(7 * 3600 + 12 * 60)));
    }

    @Test
    void shouldTakeNoPaceOfMinutesForAPlanNorWhatItCannotRead() {
        assertThat(read(
                        "x-ratelimit-limit-tokens",
                        "1000",
                        "x-ratelimit-remaining-tokens",
                        "0",
                        "x-ratelimit-reset-tokens",
                        "6m0s",
                        "x-ratelimit-limit-requests",
                        "many",
                        "x-ratelimit-remaining-requests",
                        "0",
                        "x-ratelimit-reset-requests",
                        "9h",
                        "anthropic-ratelimit-tokens-limit",
                        "0",
                        "anthropic-ratelimit-tokens-remaining",
                        "0",
                        "anthropic-ratelimit-tokens-reset",
                        "2026-11-22T15:00:00Z",
                        "anthropic-ratelimit-unified-5h-utilization",
                        "0.99",
                        "anthropic-ratelimit-unified-5h-reset",
                        "soon"))
                .isEmpty();
    }

    private static List<Window> read(String... namesAndValues) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return ProviderWindows.read(HttpHeaders.of(headers, (name, value) -> true), NOW);
    }
}
