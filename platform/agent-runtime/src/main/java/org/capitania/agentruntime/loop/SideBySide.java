package org.capitania.agentruntime.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;

/** Does things at the same time, each on a virtual thread under a lease of its own. None of them goes on when the whole has ended. */
final class SideBySide {
    private SideBySide() {}

    /** The results, in order. A failure of one ends them all. */
    static <T> List<T> all(Lease lease, List<Function<Lease, T>> jobs) {
        List<InterruptibleLease> leases = new ArrayList<>();
        List<FutureTask<T>> tasks = new ArrayList<>();
        for (Function<Lease, T> job : jobs) {
            InterruptibleLease own = new InterruptibleLease();
            FutureTask<T> task = new FutureTask<>(() -> job.apply(own));
            leases.add(own);
            tasks.add(task);
            Thread.ofVirtual().name("subagent").start(task);
        }
        try {
            return lease.during(
                    () -> tasks.stream().map(task -> uninterrupted(task)).toList());
        } catch (RuntimeException | Error e) {
            Cause why = e instanceof RunInterrupted interrupted ? interrupted.reason() : Cause.SHUTDOWN;
            leases.forEach(own -> own.end(why, String.valueOf(e.getMessage())));
            tasks.forEach(SideBySide::settle);
            throw e;
        }
    }

    private static <T> T uninterrupted(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            // The lease says why, where it was the lease.
            throw new RunInterrupted(Cause.SHUTDOWN, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        }
    }

    private static void settle(FutureTask<?> task) {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException | CancellationException e) {
                // It has ended, and that is all that is waited for.
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
