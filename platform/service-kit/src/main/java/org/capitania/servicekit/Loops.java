package org.capitania.servicekit;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Background loops of a service: each runs alone on its virtual thread, at once when woken, and slows down while it fails. */
@ApplicationScoped
public class Loops {
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

    private final Map<String, Loop> loops = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /** Runs {@code work} now and then every {@code period}, until the service stops. */
    public void every(String name, Duration period, Runnable work) {
        Loop loop = new Loop(name, period, work);
        if (loops.putIfAbsent(name, loop) != null) {
            throw new IllegalStateException("there is a loop " + name + " already");
        }
        loop.thread = Thread.ofVirtual().name("loop-" + name).start(loop::run);
    }

    /** Lets a loop run at once; wakes that come while it runs become one more run. */
    public void wake(String name) {
        Loop loop = loops.get(name);
        if (loop != null) {
            loop.wake();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        for (Loop loop : loops.values()) {
            loop.wake();
        }
        for (Loop loop : loops.values()) {
            if (loop.thread != null && !loop.thread.join(Duration.ofSeconds(5))) {
                loop.thread.interrupt();
            }
        }
    }

    private final class Loop {
        private final String name;
        private final Duration period;
        private final Runnable work;
        private final Semaphore bell = new Semaphore(0);

        @org.jspecify.annotations.Nullable
        private volatile Thread thread;

        Loop(String name, Duration period, Runnable work) {
            this.name = name;
            this.period = period;
            this.work = work;
        }

        void wake() {
            if (bell.availablePermits() == 0) {
                bell.release();
            }
        }

        void run() {
            int failures = 0;
            while (!stopping) {
                try {
                    work.run();
                    failures = 0;
                } catch (RuntimeException e) {
                    if (stopping) {
                        return;
                    }
                    failures++;
                    Log.warnf(e, "loop failed name=%s failures=%d", name, failures);
                }
                if (!pause(failures)) {
                    return;
                }
            }
        }

        private boolean pause(int failures) {
            long millis = failures == 0
                    ? period.toMillis()
                    : Math.min(LONGEST_BACK_OFF.toMillis(), 200L << Math.min(failures, 8));
            try {
                if (bell.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
