package org.capitania.registry.handler;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Waits out a peer that is being restarted: what it cannot answer now is asked again, for a while. Only for calls that may be repeated. */
@ApplicationScoped
public class Patience {
    private static final long LONGEST_PAUSE_MS = 2000;

    private final Duration limit;
    private final CountDownLatch stopping = new CountDownLatch(1);

    Patience(@ConfigProperty(name = "hq.gateway.patience", defaultValue = "30s") Duration limit) {
        this.limit = limit;
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        stopping.countDown();
    }

    /** The answer, or the last failure when the peer stays away. */
    public <T> T with(Supplier<T> call) {
        long pause = 100;
        long waited = 0;
        while (true) {
            try {
                return call.get();
            } catch (CapitaniaException e) {
                if (!away(e) || waited >= limit.toMillis()) {
                    throw e;
                }
                Log.debugf("waiting for a peer why=%s", e.detail());
            }
            pause(Duration.ofMillis(pause));
            waited += pause;
            pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        }
    }

    private static boolean away(CapitaniaException e) {
        return e.code() == ErrorCode.PEER_UNAVAILABLE || e.code() == ErrorCode.ANSWER_LOST;
    }

    /** Waits; ends at once with {@link GatewayStopping} when the service stops. */
    public void pause(Duration duration) {
        try {
            if (stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new GatewayStopping();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayStopping();
        }
    }
}
