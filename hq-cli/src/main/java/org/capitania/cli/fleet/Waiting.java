package org.capitania.cli.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
final class Waiting {
    private static final Duration STEP = Duration.ofMillis(50);

    private Waiting() {}

    /** Whether the condition came true within the time. */
    static boolean until(BooleanSupplier condition, Duration longest, Clock clock) {
        Instant end = clock.instant().plus(longest);
        while (!condition.getAsBoolean()) {
            if (clock.instant().isAfter(end) || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return true;
    }
}
