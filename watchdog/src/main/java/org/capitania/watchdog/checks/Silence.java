package org.capitania.watchdog.checks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Since when something does not answer; one failed look alone is nothing, and what has never been heard may still be starting. */
final class Silence {
    private final Clock clock;
    private final Duration tolerated;
    private final Duration starting;
    private final Map<String, Instant> firstLook = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastHeard = new ConcurrentHashMap<>();

    Silence(Clock clock, ChecksConfig config) {
        this(clock, config.silence(), config.starting());
    }

    /**
     * Counts in a clock's time.
     *
     * @param tolerated silence of what was heard before
     * @param starting silence of what was never heard, from the first look
     */
    Silence(Clock clock, Duration tolerated, Duration starting) {
        this.clock = clock;
        this.tolerated = tolerated;
        this.starting = starting;
    }

    void heard(String name) {
        lastHeard.put(name, clock.instant());
    }

    /** The moment it was last heard, or first looked for, once it has been silent for too long. */
    Optional<Instant> tooLong(String name) {
        Instant now = clock.instant();
        Instant first = firstLook.computeIfAbsent(name, key -> now);
        Instant heard = lastHeard.get(name);
        Instant since = heard == null ? first : heard;
        Duration patience = heard == null ? starting : tolerated;
        return since.plus(patience).isBefore(now) ? Optional.of(since) : Optional.empty();
    }
}
