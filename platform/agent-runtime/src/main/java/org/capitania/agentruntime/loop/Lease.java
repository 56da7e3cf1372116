package org.capitania.agentruntime.loop;

import java.time.Duration;
import java.util.function.Supplier;

/** The right to go on. The loop asks before every step. */
public interface Lease {
    /** Returns while the run may go on; otherwise throws {@link RunInterrupted}. */
    void check();

    /** Waits, but not longer than the lease is held; then {@link #check()}. */
    void pause(Duration duration);

    /** Does something long; it is interrupted when the lease is lost, and then {@link RunInterrupted} is thrown. */
    <T> T during(Supplier<T> work);
}
