package org.capitania.agentruntime.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A lease that is held until the test takes it away; waiting takes no time. */
final class FakeLease implements Lease {
    final List<Duration> pauses = new ArrayList<>();
    private int checksLeft = Integer.MAX_VALUE;

    /** Lost at the n-th check from now. */
    void loseAfter(int checks) {
        checksLeft = checks;
    }

    @Override
    public void check() {
        if (checksLeft-- <= 0) {
            throw new RunInterrupted(RunInterrupted.Cause.LOST, "the lease is gone");
        }
    }

    @Override
    public void pause(Duration duration) {
        pauses.add(duration);
        check();
    }

    @Override
    public <T> T during(Supplier<T> work) {
        return work.get();
    }
}
