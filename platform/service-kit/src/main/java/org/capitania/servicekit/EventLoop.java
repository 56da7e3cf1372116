package org.capitania.servicekit;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Topics;
import org.capitania.contract.event.Event;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches from Kafka to a handler, one record after the other, so that the order of a key holds. A peer or a store that is down is
 * waited for; any other failure is tried five times and then becomes a dead letter, written with the inbox row.
 */
@ApplicationScoped
public class EventLoop {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Sql sql;
    private final Clock clock;
    private final String service;
    private final CountDownLatch stopping = new CountDownLatch(1);

    EventLoop(Sql sql, Clock clock, @ConfigProperty(name = "hq.service") String service) {
        this.sql = sql;
        this.clock = clock;
        this.service = service;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    /** Handles a batch; returns when every record of it is done, rejected, or handled before. */
    public void consume(ConsumerRecords<String, byte[]> batch, String consumer, EventHandler handler) {
        for (ConsumerRecord<String, byte[]> record : batch) {
            consume(record, consumer, handler);
        }
    }

    /** The same; what {@code together} takes goes ahead of the rest, in one transaction a tenant. */
    public void consume(
            ConsumerRecords<String, byte[]> batch, String consumer, EventHandler handler, EventsTogether together) {
        List<ConsumerRecord<String, byte[]>> rest = new ArrayList<>();
        Map<String, List<Taken>> taken = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            Event event = readable(record);
            if (event != null && together.takes(event)) {
                taken.computeIfAbsent(event.tenant(), tenant -> new ArrayList<>())
                        .add(new Taken(record, event));
            } else {
                rest.add(record);
            }
        }
        taken.forEach((tenant, all) -> {
            try {
                write(tenant, consumer, all.stream().map(Taken::event).toList(), together);
            } catch (RuntimeException e) {
                Log.warnf(e, "events could not be handled together, now one by one events=%d", all.size());
                all.forEach(one -> consume(one.record(), consumer, handler));
            }
        });
        rest.forEach(record -> consume(record, consumer, handler));
    }

    private record Taken(ConsumerRecord<String, byte[]> record, Event event) {}

    private static @Nullable Event readable(ConsumerRecord<String, byte[]> record) {
        try {
            return EventRecords.read(record);
        } catch (RuntimeException e) {
            // Whoever handles it alone says so.
            return null;
        }
    }

    private void write(String tenant, String consumer, List<Event> events, EventsTogether together) {
        sql.runUntold(Scope.of(tenant, "system:" + service, null), tx -> {
            Set<String> first = InboxScope.claim(
                    tx, consumer, events.stream().map(Event::id).toList());
            List<Event> fresh =
                    events.stream().filter(event -> first.remove(event.id())).toList();
            if (!fresh.isEmpty()) {
                together.write(tx, fresh);
            }
        });
    }

    private void consume(ConsumerRecord<String, byte[]> record, String consumer, EventHandler handler) {
        Event event;
        try {
            event = EventRecords.read(record);
        } catch (RuntimeException e) {
            // Nothing in it can be trusted, not even its tenant: there is no inbox row to write for it.
            Log.errorf(
                    e,
                    "unreadable record topic=%s partition=%d offset=%d",
                    record.topic(),
                    record.partition(),
                    record.offset());
            return;
        }
        InboxScope inbox = new InboxScope(sql, Scope.reacting(event, "system:" + service, null), consumer, event);
        int attempt = 1;
        while (true) {
            Outcome outcome = attempt(event, inbox, handler);
            switch (outcome) {
                case Outcome.Done() -> {
                    if (inbox.written() || settle(inbox, tx -> {})) {
                        return;
                    }
                }
                case Outcome.Reject(String why) -> {
                    if (settle(inbox, tx -> deadLetter(tx, event, consumer, why))) {
                        return;
                    }
                }
                case Outcome.Snooze(Instant until, String why) -> {
                    Log.debugf("event snoozed event=%s why=%s", event.id(), why);
                    pause(Duration.between(clock.instant(), until));
                }
                case Outcome.Retry(Duration after, String why) -> {
                    if (attempt >= ATTEMPTS) {
                        if (settle(inbox, tx -> deadLetter(tx, event, consumer, why))) {
                            return;
                        }
                    }
                    Log.warnf(
                            "event retried event=%s type=%s attempt=%d why=%s", event.id(), event.type(), attempt, why);
                    attempt++;
                    pause(after);
                }
            }
        }
    }

    private Outcome attempt(Event event, InboxScope inbox, EventHandler handler) {
        try {
            return handler.handle(event, inbox);
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                return new Outcome.Snooze(clock.instant().plus(Duration.ofSeconds(1)), e.detail());
            }
            return new Outcome.Retry(FIRST_PAUSE, e.detail());
        } catch (RuntimeException e) {
            if (stopping.getCount() == 0) {
                throw e;
            }
            Log.warnf(e, "handler failed event=%s type=%s", event.id(), event.type());
            return new Outcome.Retry(FIRST_PAUSE, e.toString());
        }
    }

    /** Writes the closing row; false when the store is away, and the whole event is tried again. */
    private boolean settle(InboxScope inbox, java.util.function.Consumer<Tx> effect) {
        try {
            inbox.run(effect);
            return true;
        } catch (RuntimeException e) {
            Log.warnf(e, "the inbox row could not be written, trying again");
            pause(LONGEST_PAUSE);
            return false;
        }
    }

    private static void deadLetter(Tx tx, Event event, String consumer, String why) {
        Log.errorf(
                "event rejected to the dead letters event=%s type=%s consumer=%s why=%s",
                event.id(), event.type(), consumer, why);
        tx.publishTo(
                Topics.DEAD_LETTER,
                "dead-letter",
                event.key(),
                Map.of("event", event, "consumer", consumer, "error", why));
    }

    private void pause(Duration duration) {
        long millis = Math.clamp(duration.toMillis(), 10, LONGEST_PAUSE.toMillis());
        try {
            if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("stopping: the record is delivered again at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: the record is delivered again at the next start", e);
        }
    }
}
