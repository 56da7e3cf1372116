package org.capitania.cli.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capitania.cli.Failure;
import org.capitania.cli.call.Fleet;

/** Says when it is worth while to look again: after an event of the fleet, or after a while where none can be heard. */
public final class Changes implements AutoCloseable {
    /** How often is looked where nothing tells of a change. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** Where events tell: for what changes with time alone. */
    private static final Duration LOOK_ALL_THE_SAME = Duration.ofSeconds(30);
    /** Events come in flocks. */
    private static final Duration SETTLE = Duration.ofMillis(300);
    /** What is written because somebody looked is no change. */
    private static final String LEDGER = "hq.ledger.";

    private final BlockingQueue<Boolean> rings = new ArrayBlockingQueue<>(1);
    private volatile boolean hearing;
    private volatile boolean closed;

    private Changes() {}

    /** Looks again and again. */
    public static Changes looking() {
        return new Changes();
    }

    /** Hears the events of a fleet as soon as its broker answers. */
    public static Changes told(Fleet fleet) {
        Changes changes = new Changes();
        Thread.ofPlatform().daemon().name("events").start(() -> changes.hear(fleet));
        return changes;
    }

    /** Waits until it is worth while to look again. */
    public void await() throws InterruptedException {
        Boolean rung = rings.poll((hearing ? LOOK_ALL_THE_SAME : LOOK).toMillis(), TimeUnit.MILLISECONDS);
        if (rung != null) {
            LockSupport.parkNanos(SETTLE.toNanos());
            rings.clear();
        }
    }

    /** Whether events tell of changes. */
    boolean hearing() {
        return hearing;
    }

    private void hear(Fleet fleet) {
        try (EventLog log = EventLog.of(fleet)) {
            List<String> topics = log.topics().stream()
                    .map(EventLog.Topic::name)
                    .filter(name -> !name.startsWith(LEDGER))
                    .toList();
            log.open(topics, new EventLog.Start.Last(0));
            hearing = true;
            // What happened before it heard.
            rings.offer(true);
            while (!closed) {
                if (!log.poll().isEmpty()) {
                    rings.offer(true);
                }
            }
        } catch (Failure e) {
            // Without a broker that answers here it is looked again and again, which needs none.
            hearing = false;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
