package org.capitania.outbox;

import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sets rows aside whose Kafka topic the broker does not have, so that they hold up no other, and sends them once it has: in the order of
 * their ids, and before any later row of their topic.
 */
final class Parking {
    private static final String ERROR = "the broker has no such topic";

    private final RelayStore store;
    private final KafkaSink sink;
    private final int page;
    /** Topics with rows that are set aside: whatever else comes for them waits behind those. */
    private final Set<String> closed;

    private final List<OutboxRow> aside = new ArrayList<>();
    private long parked;

    Parking(RelayStore store, KafkaSink sink, int page) {
        this.store = store;
        this.sink = sink;
        this.page = page;
        this.closed = new HashSet<>(store.parkedTopics());
        this.parked = store.parked();
    }

    /** How many rows are set aside. */
    long parked() {
        return parked;
    }

    /** The rows that can be sent, in their order; the others are {@link #keep kept} before the position moves past them. */
    List<OutboxRow> sift(List<OutboxRow> rows) {
        Set<String> doubtful = new HashSet<>();
        for (OutboxRow row : rows) {
            String topic = row.kafkaTopic();
            if (closed.contains(topic) || !sink.knows(topic)) {
                doubtful.add(topic);
            }
        }
        if (doubtful.isEmpty()) {
            return rows;
        }
        doubtful.removeAll(closed);
        closed.addAll(sink.missing(doubtful));
        List<OutboxRow> sendable = new ArrayList<>();
        for (OutboxRow row : rows) {
            (closed.contains(row.kafkaTopic()) ? aside : sendable).add(row);
        }
        return sendable;
    }

    /** Writes down what was set aside since. */
    void keep() {
        if (aside.isEmpty()) {
            return;
        }
        store.park(aside, ERROR);
        Log.errorf(
                "events are set aside, the broker has no such topic: make the topic, and they are sent within a minute topics=%s rows=%d",
                aside.stream().map(OutboxRow::kafkaTopic).distinct().sorted().toList(), aside.size());
        aside.clear();
        parked = store.parked();
    }

    /** Sends what was set aside and can be sent by now; returns how many rows. */
    int sendAgain() {
        Set<String> opened = new HashSet<>(closed);
        opened.removeAll(sink.missing(closed));
        int sent = 0;
        for (String topic : opened) {
            long last = 0;
            for (List<OutboxRow> rows = store.parkedRows(topic, last, page);
                    !rows.isEmpty();
                    rows = store.parkedRows(topic, last, page)) {
                store.save(sink.send(rows).await().values());
                last = rows.getLast().id();
                sent += rows.size();
            }
            store.unpark(topic);
            closed.remove(topic);
            Log.infof("events that were set aside are sent topic=%s", topic);
        }
        parked = closed.isEmpty() ? 0 : store.parked();
        return sent;
    }
}
