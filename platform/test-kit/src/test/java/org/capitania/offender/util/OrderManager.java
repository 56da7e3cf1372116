package org.capitania.offender.util;

import java.time.Clock;
import java.time.Instant;
import org.capitania.elsewhere.Foreign;

/** Breaks every rule it can. */
public final class OrderManager {
    private final Foreign foreign = new Foreign();

    public Instant allowed(Clock clock) {
        return Instant.now(clock);
    }

    public Instant forbidden() throws InterruptedException {
        Thread.sleep(1);
        return foreign.hashCode() == 0 ? Instant.EPOCH : Instant.now();
    }
}
