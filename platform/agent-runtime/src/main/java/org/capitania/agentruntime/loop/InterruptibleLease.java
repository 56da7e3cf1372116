package org.capitania.agentruntime.loop;

import java.time.Duration;
import java.util.function.Supplier;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.jspecify.annotations.Nullable;

/**
 * A lease that can be taken away from another thread. A call that is going on when this happens is interrupted, and nothing it may
 * still bring is used.
 */
public final class InterruptibleLease implements Lease {
    private record End(Cause reason, String message) {}

    private @Nullable End end;
    private @Nullable Thread working;

    /** Takes the lease away; the first reason counts. */
    public synchronized void end(Cause reason, String message) {
        if (end == null) {
            end = new End(reason, message);
            if (working != null) {
                working.interrupt();
            }
            notifyAll();
        }
    }

    @Override
    public synchronized void check() {
        if (end != null) {
            throw new RunInterrupted(end.reason(), end.message());
        }
    }

    @Override
    public synchronized void pause(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        try {
            for (long left = duration.toNanos(); left > 0 && end == null; left = until - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunInterrupted(Cause.SHUTDOWN, "interrupted");
        }
        check();
    }

    @Override
    public <T> T during(Supplier<T> work) {
        synchronized (this) {
            check();
            working = Thread.currentThread();
        }
        try {
            T result = work.get();
            done();
            return result;
        } catch (RuntimeException e) {
            // A call that was interrupted fails in its own way; what counts is why.
            done();
            throw e;
        } finally {
            synchronized (this) {
                working = null;
            }
        }
    }

    private synchronized void done() {
        working = null;
        if (end != null) {
            // The interrupt was meant for the call alone.
            Thread.interrupted();
            check();
        }
    }
}
