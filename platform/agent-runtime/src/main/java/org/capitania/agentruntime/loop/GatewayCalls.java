package org.capitania.agentruntime.loop;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.function.Supplier;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;

/**
 * Calls the gateway with patience: one that does not answer is asked again with the same ids, for as long as the lease holds and the
 * patience lasts. A fence, a pause and a freeze stop the run.
 */
final class GatewayCalls {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Lease lease;
    private final Duration patience;

    GatewayCalls(Lease lease, Duration patience) {
        this.lease = lease;
        this.patience = patience;
    }

    <T> T call(Supplier<T> request) {
        Duration waited = Duration.ZERO;
        Duration pause = FIRST;
        while (true) {
            lease.check();
            try {
                return lease.during(request);
            } catch (CapitaniaException e) {
                stopIfTold(e.code(), e.detail());
                if (!e.code().type().retryable() && e.code().type() != ErrorType.UNAUTHENTICATED) {
                    throw e;
                }
                if (waited.compareTo(patience) >= 0) {
                    throw new RunInterrupted(Cause.UNAVAILABLE, e.detail());
                }
                Log.debugf("gateway away, asking again: %s", e.detail());
                lease.pause(pause);
                waited = waited.plus(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
            }
        }
    }

    /** Stops the run when the code says that it may not go on. */
    static void stopIfTold(ErrorCode code, String detail) {
        switch (code) {
            case FENCED, LEASE_LOST -> throw new RunInterrupted(Cause.LOST, detail);
            case AGENT_PAUSED, AUTONOMY_FROZEN -> throw new RunInterrupted(Cause.PAUSED, detail);
            default -> {
                // Everything else is for the caller, or for the model, to deal with.
            }
        }
    }
}
