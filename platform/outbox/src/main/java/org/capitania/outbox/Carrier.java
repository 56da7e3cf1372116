package org.capitania.outbox;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.capitania.outbox.RelayStore.Page;
import org.capitania.outbox.RelayStore.Position;
import org.capitania.outbox.RelayStore.Progress;

/**
 * Carries rows from one outbox to Kafka from a position on. Every row committed since is sent, in the order of ids; the position moves when
 * the broker has acknowledged it and all before it. A look does not wait for what was sent after the one before. A crash in between sends
 * some rows again, never out of order within a key. A row that cannot be sent, since nobody has made its topic, is set aside and waits for
 * that.
 */
final class Carrier {
    /** The more the broker has to write, the fewer writes it needs; the producer's memory is the other bound. */
    private static final int PAGES_ON_THE_WAY = 8;

    /** After so many looks the position is stored, and when one finds nothing: a crash sends no more than these again. */
    private static final int LOOKS_UNSTORED = 16;

    private final RelayStore store;
    private final KafkaSink sink;
    private final int page;
    private final Parking parking;
    private final Deque<Look> onTheWay = new ArrayDeque<>();
    /** Read up to here. */
    private Position read;
    /** Acknowledged up to here. */
    private Position position;
    /** Looks acknowledged since the position was stored, and how far they brought each partition. */
    private int unstored;

    private final Map<TopicPartition, Progress> progress = new HashMap<>();

    /** What one look found, on its way to the broker. */
    private record Look(Position upTo, Instant at, KafkaSink.Sending sending) {}

    Carrier(RelayStore store, KafkaSink sink, int page) {
        this.store = store;
        this.sink = sink;
        this.page = page;
        this.parking = new Parking(store, sink, page);
        Position stored = store.position();
        this.read = stored;
        this.position = stored;
        if (store.fromAnotherCluster(stored)) {
            Log.warnf("the outbox position is of another cluster, starting again by id last_id=%d", stored.lastId());
            // No transaction is visible in this snapshot: ids alone say what is new, this once.
            read = new Position("3:3:", stored.lastId());
            carryBacklog(stored.lastId());
        }
    }

    /** Sends what was committed since the last look, and notes what was acknowledged meanwhile; returns how many rows it sent. */
    int carry(Instant now) {
        takeIn(PAGES_ON_THE_WAY - 1);
        Page next = store.after(read, 0, page);
        if (next.rows().size() == page) {
            settle();
            return carryBacklog(0);
        }
        if (next.rows().isEmpty()) {
            read = new Position(next.snapshot(), read.lastId());
            if (onTheWay.isEmpty()) {
                position = read;
            }
            if (unstored > 0) {
                keep();
            }
            return 0;
        }
        read = new Position(next.snapshot(), Math.max(next.rows().getLast().id(), read.lastId()));
        onTheWay.add(new Look(read, now, sink.send(parking.sift(next.rows()))));
        takeIn(PAGES_ON_THE_WAY);
        return next.rows().size();
    }

    /** Waits until the broker has everything that was sent, and stores how far that is. */
    void settle() {
        takeIn(0);
        if (unstored > 0) {
            keep();
        }
    }

    /** When the oldest look was whose rows the broker has not acknowledged yet; {@code now} when there is none. */
    Instant carriedUntil(Instant now) {
        return onTheWay.isEmpty() ? now : onTheWay.getFirst().at();
    }

    /** Takes in what was acknowledged, in order, and waits while more than so many looks are on their way. */
    private void takeIn(int atMost) {
        while (onTheWay.size() > atMost
                || (!onTheWay.isEmpty() && onTheWay.getFirst().sending().isDone())) {
            Look first = onTheWay.remove();
            note(first.sending());
            position = first.upTo();
            unstored++;
        }
        if (unstored >= LOOKS_UNSTORED) {
            keep();
        }
    }

    /**
     * More than a page: one snapshot for all of it, paged by id, so that the order of a key holds across the pages. Pages are read and sent
     * while the broker writes those before.
     */
    private int carryBacklog(long afterId) {
        long last = afterId;
        int sent = 0;
        String snapshot;
        try (RelayStore.Backlog backlog = store.backlog(read, afterId, page)) {
            snapshot = backlog.snapshot();
            Deque<KafkaSink.Sending> pages = new ArrayDeque<>();
            for (List<OutboxRow> rows = backlog.next(); !rows.isEmpty(); rows = backlog.next()) {
                pages.add(sink.send(parking.sift(rows)));
                if (pages.size() > PAGES_ON_THE_WAY) {
                    note(pages.remove());
                }
                last = rows.getLast().id();
                sent += rows.size();
            }
            pages.forEach(this::note);
        }
        read = new Position(snapshot, Math.max(last, read.lastId()));
        position = read;
        keep();
        return sent;
    }

    private void note(KafkaSink.Sending sending) {
        sending.await().forEach((partition, now) -> progress.merge(partition, now, Progress::and));
    }

    private void keep() {
        parking.keep();
        store.save(position, List.copyOf(progress.values()));
        progress.clear();
        unstored = 0;
    }

    /** Sends what was set aside for want of its topic, where that is there by now; returns how many rows. */
    int sendParked() {
        // What was set aside of a look is written down when that is acknowledged.
        settle();
        return parking.sendAgain();
    }

    /** How many rows are set aside for want of their topic. */
    long parked() {
        return parking.parked();
    }

    /** Deletes a page of what is past its keep; whether there may be more. */
    boolean expire(Instant now, Duration keep, Duration keepInbox, int page) {
        return store.expire(position, now, keep, keepInbox, page) == page;
    }
}
