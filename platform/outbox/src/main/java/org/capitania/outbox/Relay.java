package org.capitania.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.capitania.outbox.RelayStore.Page;
import org.capitania.outbox.RelayStore.Position;
import org.capitania.outbox.RelayStore.Progress;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the outbox of this schema to Kafka: the single active relay is the holder of an advisory lock; it reads committed rows by
 * snapshot difference, sends them in the order of their ids, and stores the snapshot it has finished. At least once, never out of order
 * within a key, and an open transaction holds up nobody's events but its own.
 */
@ApplicationScoped
public class Relay {
    private static final String LOOP = "outbox-relay";
    private static final Duration EXPIRE_EVERY = Duration.ofHours(1);

    private final Loops loops;
    private final CommitListeners commits;
    private final Vertx vertx;
    private final Clock clock;
    private final OutboxConfig config;
    private final RelayTarget target;
    private final AtomicLong published = new AtomicLong();

    private @Nullable RelayStore store;
    private @Nullable KafkaSink sink;
    private @Nullable Position position;
    private Instant lastExpiry = Instant.EPOCH;

    Relay(Loops loops, CommitListeners commits, Vertx vertx, Clock clock, OutboxConfig config, RelayTarget target) {
        this.loops = loops;
        this.commits = commits;
        this.vertx = vertx;
        this.clock = clock;
        this.config = config;
        this.target = target;
    }

    void start(@Observes StartupEvent event, MeterRegistry metrics) {
        if (config.keep().compareTo(Duration.ofDays(7)) < 0) {
            throw new IllegalStateException(
                    "hq.outbox.keep is " + config.keep() + ": at least 7 days are needed to heal a broker");
        }
        metrics.gauge("outbox_published", published);
        if (config.enabled()) {
            loops.every(LOOP, config.poll(), this::round);
            commits.add(() -> loops.wake(LOOP));
        }
    }

    /** One look: lead if nobody does, send what is new, remember it. Everything is let go on a failure and taken up afresh. */
    private void round() {
        try {
            RelayStore rows = leadingStore();
            if (rows == null) {
                return;
            }
            drain(rows, Objects.requireNonNull(sink));
            expire(rows);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    private @Nullable RelayStore leadingStore() {
        if (position != null) {
            return store;
        }
        RelayStore candidate = store == null ? RelayStore.connect(vertx, target.options()) : store;
        store = candidate;
        if (!candidate.lead(target.schema())) {
            return null;
        }
        KafkaSink broker = new KafkaSink(target.bootstrap(), target.schema(), target.service());
        sink = broker;
        broker.ensureTopics();
        new Reconciliation(candidate, broker, target.bootstrap(), target.schema(), config.page()).run();
        Position stored = candidate.position();
        position = candidate.fromAnotherCluster(stored) ? reseed(candidate, broker, stored) : stored;
        Log.infof("relay leads schema=%s last_id=%d", target.schema(), stored.lastId());
        return candidate;
    }

    private void drain(RelayStore rows, KafkaSink broker) {
        Position from = Objects.requireNonNull(position);
        Page page = rows.after(from, 0, config.page());
        if (page.rows().size() < config.page()) {
            finish(rows, broker, page.rows(), new Position(page.snapshot(), from.lastId()));
            return;
        }
        // A backlog: one snapshot for all of it, paged by id, so that the order of a key holds across the pages.
        rows.freeze();
        Map<String, Progress> progress = new LinkedHashMap<>();
        String snapshot = from.snapshot();
        long last = 0;
        try {
            while (true) {
                Page next = rows.after(from, last, config.page());
                snapshot = next.snapshot();
                if (next.rows().isEmpty()) {
                    break;
                }
                broker.send(next.rows()).forEach(p -> progress.put(p.topic() + "/" + p.partition(), p));
                published.addAndGet(next.rows().size());
                last = next.rows().getLast().id();
            }
        } finally {
            rows.unfreeze();
        }
        rows.save(progress.values());
        finish(rows, broker, List.of(), new Position(snapshot, Math.max(last, from.lastId())));
        loops.wake(LOOP);
    }

    private void finish(RelayStore rows, KafkaSink broker, List<OutboxRow> send, Position next) {
        Position done = next;
        if (!send.isEmpty()) {
            rows.save(broker.send(send));
            published.addAndGet(send.size());
            done = new Position(
                    next.snapshot(), Math.max(next.lastId(), send.getLast().id()));
        }
        Position before = Objects.requireNonNull(position);
        if (!send.isEmpty() || done.lastId() != before.lastId()) {
            rows.save(done);
        }
        position = done;
    }

    /** After a restore into another cluster transaction ids say nothing: rows above the last id are new, then snapshots count again. */
    private Position reseed(RelayStore rows, KafkaSink broker, Position stored) {
        Log.warnf(
                "the outbox position is of another cluster, starting again by id schema=%s last_id=%d",
                target.schema(), stored.lastId());
        Position nothingSeen = new Position("3:3:", stored.lastId());
        long last = stored.lastId();
        String snapshot = nothingSeen.snapshot();
        rows.freeze();
        try {
            while (true) {
                Page page = rows.after(nothingSeen, last, config.page());
                snapshot = page.snapshot();
                if (page.rows().isEmpty()) {
                    break;
                }
                broker.send(page.rows());
                last = page.rows().getLast().id();
            }
        } finally {
            rows.unfreeze();
        }
        Position seeded = new Position(snapshot, last);
        rows.save(seeded);
        return seeded;
    }

    private void expire(RelayStore rows) {
        Instant now = clock.instant();
        if (position != null && now.isAfter(lastExpiry.plus(EXPIRE_EVERY))) {
            lastExpiry = now;
            int deleted = rows.expire(position, now, config.keep(), config.keepInbox());
            Log.debugf("outbox and inbox rows expired schema=%s rows=%d", target.schema(), deleted);
        }
    }

    @PreDestroy
    void release() {
        position = null;
        if (store != null) {
            store.close();
            store = null;
        }
        if (sink != null) {
            sink.close();
            sink = null;
        }
    }
}
