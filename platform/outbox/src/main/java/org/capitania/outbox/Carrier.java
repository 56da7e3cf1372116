package org.capitania.outbox;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capitania.outbox.RelayStore.Page;
import org.capitania.outbox.RelayStore.Position;
import org.capitania.outbox.RelayStore.Progress;

/**
 * Carries rows from one outbox to Kafka from a position on. Every row committed since is sent, in the order of ids; then the position
 * moves. A crash in between sends some rows again, never out of order within a key.
 */
final class Carrier {
    private final RelayStore store;
    private final KafkaSink sink;
    private final int page;
    private Position position;

    Carrier(RelayStore store, KafkaSink sink, int page) {
        this.store = store;
        this.sink = sink;
        this.page = page;
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
        store.save(sink.send(next.rows()));
        moveTo(next.snapshot(), next.rows().getLast().id());
        return next.rows().size();
    }

    /** More than a page: one snapshot for all of it, paged by id, so that the order of a key holds across the pages. */
    private int carryBacklog(long afterId) {
        Map<String, Progress> progress = new LinkedHashMap<>();
        String snapshot = position.snapshot();
        long last = afterId;
        int sent = 0;
        store.freeze();
        try {
            while (true) {
                Page next = store.after(position, last, page);
                snapshot = next.snapshot();
                if (next.rows().isEmpty()) {
                    break;
                }
                sink.send(next.rows()).forEach(p -> progress.put(p.topic() + "/" + p.partition(), p));
                last = next.rows().getLast().id();
                sent += next.rows().size();
            }
        } finally {
            store.unfreeze();
        }
        store.save(progress.values());
        moveTo(snapshot, last);
        return sent;
    }

    private void moveTo(String snapshot, long lastId) {
        Position next = new Position(snapshot, Math.max(lastId, position.lastId()));
        store.save(next);
        position = next;
    }

    /** Deletes what is past its keep; returns how many rows. */
    int expire(Instant now, Duration keep, Duration keepInbox) {
        return store.expire(position, now, keep, keepInbox);
    }
}
