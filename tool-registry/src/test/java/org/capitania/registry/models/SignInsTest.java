package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SignInsTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration PAUSE = Duration.ofMinutes(15);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource source = now::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final SignIns signIns = new SignIns(clock, PAUSE);

    @Test
    void shouldLetOneCallTryAgainAfterThePause() {
        Provider provider = provider("https://a.example", "one");
        assertThat(signIns.notBefore(provider)).isEmpty();
        // When
        assertThat(signIns.refused(provider)).isEqualTo(START.plus(PAUSE));
        // Then
        assertThat(signIns.notBefore(provider)).contains(START.plus(PAUSE));
        now.set(START.plus(PAUSE));
        assertThat(signIns.notBefore(provider)).as("one goes").isEmpty();
        assertThat(signIns.notBefore(provider)).as("the others wait for it").isPresent();
        signIns.worked(provider);
        assertThat(signIns.notBefore(provider)).isEmpty();
    }

    @Test
    void shouldTryAnotherKeyOrAddressAtOnce() {
        signIns.refused(provider("https://a.example", "one"));
        assertThat(signIns.notBefore(provider("https://a.example", "two"))).isEmpty();
        assertThat(signIns.notBefore(provider("https://b.example", "one"))).isEmpty();
        assertThat(signIns.notBefore(provider("https://a.example", "one"))).isPresent();
    }

    private static Provider provider(String address, String key) {
        return new Provider("anthropic", URI.create(address), Set.of("v1/messages"), Map.of("x-api-key", key));
    }
}
