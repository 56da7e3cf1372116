package org.capitania.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Writers that append at a steady rate, whatever became of what they wrote, and ring the relay after each commit. */
final class RelayLoad implements AutoCloseable {
    /** An event and when its writer knew that it was committed, by this process' clock of nanoseconds. */
    record Committed(String key, long n, long at) {}

    private static final int WRITERS = 8;

    private final List<Connection> connections = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(WRITERS);
    private final AtomicLong written = new AtomicLong();

    RelayLoad(RelayStage stage) throws SQLException {
        for (int i = 0; i < WRITERS; i++) {
            connections.add(stage.service());
        }
    }

    /** Says that somebody else commits one more. */
    void alsoWritten() {
        written.incrementAndGet();
    }

    /** All events committed so far. */
    long written() {
        return written.get();
    }

    /** Writes for so long; returns what was committed. */
    List<Committed> run(int perSecond, int seconds, int keys, long seed, RelaySide side) throws InterruptedException {
        Queue<Committed> committed = new ConcurrentLinkedQueue<>();
        long period = TimeUnit.SECONDS.toNanos(WRITERS) / perSecond;
        int each = perSecond * seconds / WRITERS;
        List<Future<?>> running = new ArrayList<>();
        long start = System.nanoTime();
        for (int writer = 0; writer < WRITERS; writer++) {
            Connection connection = connections.get(writer);
            // Seeded: each writer has its own numbers, the same in every run.
            Random random = new Random(seed * WRITERS + writer);
            long first = start + period * writer / WRITERS;
            running.add(clock.submit(() -> {
                for (int i = 0; i < each; i++) {
                    waitUntil(first + i * period);
                    String key = "key-" + random.nextInt(keys);
                    long n = RelayStage.append(connection, key);
                    committed.add(new Committed(key, n, System.nanoTime()));
                    written.incrementAndGet();
                    side.ring();
                }
                return null;
            }));
        }
        for (Future<?> writer : running) {
            try {
                writer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a writer failed", e.getCause());
            }
        }
        return List.copyOf(committed);
    }

    private static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
