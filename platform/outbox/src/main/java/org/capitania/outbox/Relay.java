package org.capitania.outbox;

import io.micrometer.core.instrument.Counter;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the outbox of this schema: the one active relay is the holder of an advisory lock. It is woken by the commits of its own
 * process and looks by itself otherwise; on any failure it lets everything go and takes up again from the stored position.
 */
@ApplicationScoped
public class Relay {
    private static final String LOOP = "outbox-relay";
    private static final int EXPIRE_PAGE = 5_000;
    private static final Duration EXPIRE_EVERY = Duration.ofHours(1);
    private static final Duration LOOK_FOR_TOPICS_EVERY = Duration.ofSeconds(30);

    private final Loops loops;
    private final Vertx vertx;
    private final Clock clock;
    private final OutboxConfig config;
    private final RelayTarget target;

    private @Nullable Counter published;
    private @Nullable RelayStore store;
    private @Nullable KafkaSink sink;
    private @Nullable Carrier carrier;
    private Instant lastExpiry = Instant.EPOCH;
    private Instant lastLookForTopics = Instant.EPOCH;
    /** Whether the loop will be woken in a moment. */
    private final AtomicBoolean soon = new AtomicBoolean();

    private volatile long parked;
    private volatile Instant finished = Instant.EPOCH;

    public Relay(Loops loops, Vertx vertx, Clock clock, OutboxConfig config, RelayTarget target) {
        this.loops = loops;
        this.vertx = vertx;
        this.clock = clock;
        this.config = config;
        this.target = target;
    }

    /** Begins to compete for the relay of the schema, and to listen for commits of this process. */
    public void start(@Observes StartupEvent event, CommitListeners commits, MeterRegistry metrics) {
        if (config.keep().compareTo(Duration.ofDays(7)) < 0) {
            throw new IllegalStateException(
                    "hq.outbox.keep is " + config.keep() + ": at least 7 days are needed to heal a broker");
        }
        published = metrics.counter("outbox_published");
        finished = clock.instant();
        metrics.gauge("outbox_lag_seconds", this, Relay::lagSeconds);
        metrics.gauge("outbox_parked", this, relay -> relay.parked);
        if (config.enabled()) {
            loops.every(LOOP, config.poll(), this::round);
            commits.add(() -> loops.wake(LOOP));
            commits.addUnhurried(this::wakeSoon);
        }
    }

    /** What nobody waits for goes with what else comes within a moment: a look, a write of the broker's and a batch of a consumer's for all of it. */
    private void wakeSoon() {
        if (soon.compareAndSet(false, true)) {
            vertx.setTimer(config.unhurried().toMillis(), timer -> {
                soon.set(false);
                loops.wake(LOOP);
            });
        }
    }

    private void round() {
        try {
            Carrier leading = carrier == null ? lead() : carrier;
            if (leading == null) {
                finished = clock.instant();
                return;
            }
            Instant now = clock.instant();
            int sent = leading.carry(now);
            if (published != null) {
                published.increment(sent);
            }
            finished = leading.carriedUntil(now);
            sendParked(leading);
            expire(leading);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    /** At most this long has a committed event waited; where another process leads, that one's gauge tells. */
    private double lagSeconds() {
        return config.enabled() ? Duration.between(finished, clock.instant()).toMillis() / 1000.0 : 0;
    }

    private @Nullable Carrier lead() {
        RelayStore rows = store == null ? RelayStore.connect(vertx, target.options()) : store;
        store = rows;
        if (!rows.lead(target.schema())) {
            return null;
        }
        KafkaSink broker = new KafkaSink(target.bootstrap(), target.schema(), target.service());
        sink = broker;
        broker.ensureTopics();
        new Reconciliation(rows, broker, target.bootstrap(), target.schema(), config.page()).run();
        Log.infof("relay leads schema=%s", target.schema());
        Carrier leading = new Carrier(rows, broker, config.page());
        carrier = leading;
        return leading;
    }

    private void sendParked(Carrier leading) {
        Instant now = clock.instant();
        if (leading.parked() > 0 && now.isAfter(lastLookForTopics.plus(LOOK_FOR_TOPICS_EVERY))) {
            int sent = leading.sendParked();
            if (published != null) {
                published.increment(sent);
            }
            lastLookForTopics = now;
        }
        parked = leading.parked();
    }

    /** One page a round, so that what a load of millions left behind holds up no event when its keep is over. */
    private void expire(Carrier leading) {
        Instant now = clock.instant();
        if (now.isAfter(lastExpiry.plus(EXPIRE_EVERY))
                && !leading.expire(now, config.keep(), config.keepInbox(), EXPIRE_PAGE)) {
            lastExpiry = now;
        }
    }

    /** Lets the store and the broker go; another process may lead now. */
    @PreDestroy
    public void release() {
        carrier = null;
        parked = 0;
        // What is on its way goes before the lead does: another leader would send it again beside this.
        if (sink != null) {
            sink.close();
            sink = null;
        }
        if (store != null) {
            store.close();
            store = null;
        }
    }
}
