package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys that their provider has refused: none is tried again at once. After a pause one call is let through to see whether it is taken now; another key,
 * or another address, is another sign-in.
 */
@ApplicationScoped
class SignIns {
    private final Clock clock;
    private final Duration pause;
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    @Inject
    SignIns(Clock clock, ModelsConfig config) {
        this(clock, config.signInPause());
    }

    SignIns(Clock clock, Duration pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /** When it is tried again; empty when this call may go. Of those that come after the pause one goes, and the others wait for what it finds. */
    Optional<Instant> notBefore(Provider provider) {
        Instant now = clock.instant();
        Instant[] wait = new Instant[1];
        refused.computeIfPresent(key(provider), (key, until) -> {
            if (now.isBefore(until)) {
                wait[0] = until;
                return until;
            }
            return now.plus(pause);
        });
        return Optional.ofNullable(wait[0]);
    }

    /** The provider refused the key; says when it is tried again. */
    Instant refused(Provider provider) {
        Instant until = clock.instant().plus(pause);
        refused.put(key(provider), until);
        return until;
    }

    void worked(Provider provider) {
        refused.remove(key(provider));
    }

    /** What one signs in with and where, without keeping the key. */
    private static String key(Provider provider) {
        return provider.name() + " " + provider.baseUrl() + " "
                + provider.headers().hashCode();
    }
}
