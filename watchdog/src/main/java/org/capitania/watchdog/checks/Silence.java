package org.capitania.watchdog.checks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Since when something does not answer; one failed look alone is nothing. */
final class Silence {
    private final Clock clock;
    private final Duration tolerated;
    private final Map<String, Instant> lastHeard = new ConcurrentHashMap<>();

    Silence(Clock clock, Duration tolerated) {
        this.clock = clock;
        this.tolerated = tolerated;
    }

    void heard(String name) {
        lastHeard.put(name, clock.instant());
    }

    /** The moment it was last heard, once it has been silent for too long. Whom nobody has heard yet is counted from the first look. */
    Optional<Instant> tooLong(String name) {
        Instant now = clock.instant();
        Instant since = lastHeard.computeIfAbsent(name, key -> now);
        return since.plus(tolerated).isBefore(now) ? Optional.of(since) : Optional.empty();
    }
}
