package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.junit.jupiter.api.Test;

class InterruptibleLeaseTest {
    private final InterruptibleLease lease = new InterruptibleLease();

    @Test
    void shouldInterruptTheCallThatIsGoingOnWhenItEnds() {
        CountDownLatch begun = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            await(begun);
            lease.end(Cause.LOST, "gone");
        });

        assertThatThrownBy(() -> lease.during(() -> {
                    begun.countDown();
                    // A model that would think for a minute.
                    return await(new CountDownLatch(1));
                }))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(Cause.LOST));
        assertThat(Thread.interrupted())
                .as("the interrupt was for the call alone")
                .isFalse();
    }

    @Test
    void shouldNotUseWhatTheCallBroughtWhenItEndedMeanwhile() {
        assertThatThrownBy(() -> lease.during(() -> {
                    lease.end(Cause.STOPPED, "stop");
                    return "a reply";
                }))
                .isInstanceOf(RunInterrupted.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void shouldWakeFromAPauseWhenItEnds() {
        Thread.ofVirtual().start(() -> lease.end(Cause.LOST, "gone"));

        assertThatThrownBy(() -> lease.pause(Duration.ofMinutes(10))).isInstanceOf(RunInterrupted.class);
    }

    @Test
    void shouldKeepTheFirstReasonWhenItEndsTwice() {
        lease.end(Cause.STOPPED, "first");
        lease.end(Cause.LOST, "second");

        assertThatThrownBy(lease::check).hasMessage("first");
    }

    @Test
    void shouldLetTheCallsOwnFailureThroughWhenItStillHolds() {
        assertThatThrownBy(() -> lease.during(() -> {
                    throw new IllegalStateException("mine");
                }))
                .isInstanceOf(IllegalStateException.class);
        lease.check();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
