package org.capitania.agentruntime.model;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.capitania.agentruntime.model.ModelFailure.Kind;

/**
 * Tries a call again when its failure says that this can help: bounded in number, further and further apart, with jitter so that two
 * agents do not come back together, and never sooner than the provider asked.
 */
final class RetryPolicy {
    /** Waits on the current thread. */
    @FunctionalInterface
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    private final int attempts;
    private final Duration backOff;
    private final Duration longest;
    private final RandomGenerator random;
    private final Pause pause;

    RetryPolicy(int attempts, Duration backOff, Duration longest, RandomGenerator random, Pause pause) {
        this.attempts = attempts;
        this.backOff = backOff;
        this.longest = longest;
        this.random = random;
        this.pause = pause;
    }

    <T> T run(IntFunction<T> call) {
        Duration next = backOff;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.apply(attempt);
            } catch (ModelFailure e) {
                if (!e.retryable()
                        || attempt >= attempts
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                Duration wait = wait(next, e);
                if (wait.compareTo(longest) > 0) {
                    throw e;
                }
                Log.debugf("model call failed, trying again kind=%s attempt=%d", e.kind(), attempt);
                sleep(wait, e);
                next = next.multipliedBy(2);
            }
        }
    }

    private Duration wait(Duration next, ModelFailure e) {
        Duration capped = next.compareTo(longest) > 0 ? longest : next;
        Duration jittered = capped.dividedBy(2).plusMillis(random.nextLong(capped.toMillis() / 2 + 1));
        Duration asked = e.retryAfter();
        return asked != null && asked.compareTo(jittered) > 0 ? asked : jittered;
    }

    private void sleep(Duration wait, ModelFailure e) {
        try {
            pause.of(wait);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ModelFailure(Kind.TIMEOUT, "interrupted while waiting to try again: " + e.getMessage(), null, e);
        }
    }
}
