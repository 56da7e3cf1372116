package org.capitania.outbox;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.capitania.outbox.RelayStore.Page;
import org.capitania.outbox.RelayStore.Position;
import org.capitania.outbox.RelayStore.Progress;

/**
 * Carries rows from one outbox to Kafka from a position on. Every row committed since is sent, in the order of ids; then the position
 * moves. A crash in between sends some rows again, never out of order within a key. A row that cannot be sent, since nobody has made its
 * topic, is set aside and waits for that.
 */
final class Carrier {
    /** The more the broker has to write, the fewer writes it needs; the producer's memory is the other bound. */
    private static final int PAGES_ON_THE_WAY = 8;

    private final RelayStore store;
    private final KafkaSink sink;
    private final int page;
    private final Parking parking;
    private Position position;

    Carrier(RelayStore store, KafkaSink sink, int page) {
        this.store = store;
        this.sink = sink;
        this.page = page;
        this.parking = new Parking(store, sink, page);
        Position stored = store.position();
        this.position = stored;
        if (store.fromAnotherCluster(stored)) {
            Log.warnf("the outbox position is of another cluster, starting again by id last_id=%d", stored.lastId());
            // No transaction is visible in this snapshot: ids alone say what is new, this once.
            position = new Position("3:3:", stored.lastId());
            carryBacklog(stored.lastId());
        }
    }

    /** Sends what was committed since the last call; returns how many rows. */
    int carry() {
        Page next = store.after(position, 0, page);
        if (next.rows().size() == page) {
            return carryBacklog(0);
        }
        if (next.rows().isEmpty()) {
            position = new Position(next.snapshot(), position.lastId());
            return 0;
        }
        moveTo(
                next.snapshot(),
                next.rows().getLast().id(),
                sink.send(parking.sift(next.rows())).await());
        return next.rows().size();
    }

    /**
     * More than a page: one snapshot for all of it, paged by id, so that the order of a key holds across the pages. Pages are read and sent
     * while the broker writes those before.
     */
    private int carryBacklog(long afterId) {
        Map<TopicPartition, Progress> progress = new LinkedHashMap<>();
        long last = afterId;
        int sent = 0;
        String snapshot;
        try (RelayStore.Backlog backlog = store.backlog(position, afterId, page)) {
            snapshot = backlog.snapshot();
            Deque<KafkaSink.Sending> onTheWay = new ArrayDeque<>();
            for (List<OutboxRow> rows = backlog.next(); !rows.isEmpty(); rows = backlog.next()) {
                onTheWay.add(sink.sendInBulk(parking.sift(rows)));
                if (onTheWay.size() > PAGES_ON_THE_WAY) {
                    progress.putAll(onTheWay.remove().await());
                }
                last = rows.getLast().id();
                sent += rows.size();
            }
            onTheWay.forEach(sending -> progress.putAll(sending.await()));
        }
        moveTo(snapshot, last, progress);
        return sent;
    }

    private void moveTo(String snapshot, long lastId, Map<TopicPartition, Progress> progress) {
        parking.keep();
        Position next = new Position(snapshot, Math.max(lastId, position.lastId()));
        store.save(next, progress.values());
        position = next;
    }

    /** Sends what was set aside for want of its topic, where that is there by now; returns how many rows. */
    int sendParked() {
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
