package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.event.Event;
import org.capitania.outbox.OutboxSchema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The consumer's side of the outbox: an effect and its inbox row are one transaction, and no record is ever dropped unsaid. */
class EventLoopIT {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static Pool pool;
    private static Sql sql;
    private static EventLoop loop;

    @BeforeAll
    static void connect() {
        pool = OutboxSchema.migrated().pool(4);
        sql = new Sql(pool, new CommitListeners(), true);
        loop = new EventLoop(sql, Clock.systemUTC(), "watchdog");
    }

    @Test
    void shouldHaveOneEffectWhenTheSameEventComesTwice() {
        ConsumerRecords<String, byte[]> batch = batch("graph:" + NEXT.incrementAndGet());
        List<Boolean> ran = new ArrayList<>();
        EventHandler handler = (event, inbox) -> {
            ran.add(inbox.run(tx -> tx.publish("alert.cleared", event.key(), Map.of("by", event.id()))));
            return Outcome.DONE;
        };
        // When: delivered, and delivered again
        loop.consume(batch, "a", handler);
        loop.consume(batch, "a", handler);
        // Then
        assertThat(ran).containsExactly(true, false);
    }

    @Test
    void shouldWakeNobodyWhenEventsAreWrittenTogether() {
        AtomicInteger told = new AtomicInteger();
        CommitListeners listeners = new CommitListeners();
        listeners.add(told::incrementAndGet);
        EventLoop quiet = new EventLoop(new Sql(pool, listeners, true), Clock.systemUTC(), "watchdog");
        String first = "graph:" + NEXT.incrementAndGet();
        String second = "graph:" + NEXT.incrementAndGet();
        List<String> written = new ArrayList<>();
        EventsTogether together = new EventsTogether() {
            @Override
            public boolean takes(Event event) {
                return true;
            }

            @Override
            public void write(Tx tx, List<Event> events) {
                events.forEach(event -> written.add(event.id()));
            }
        };
        EventHandler alone = (event, inbox) -> {
            throw new IllegalStateException("one by one");
        };
        // When: delivered, and the first again with another
        quiet.consume(batch(first), "f", alone, together);
        quiet.consume(batch(first, second), "f", alone, together);
        // Then: each once, and the relay has not been woken for it
        assertThat(written).containsExactly(first, second);
        assertThat(told).hasValue(0);
    }

    @Test
    void shouldForgetTheInboxRowWhenTheEffectFails() {
        AtomicInteger attempts = new AtomicInteger();
        ConsumerRecords<String, byte[]> batch = batch("graph:" + NEXT.incrementAndGet());
        loop.consume(batch, "b", (event, inbox) -> {
            inbox.run(tx -> {
                if (attempts.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                }
            });
            return Outcome.DONE;
        });
        assertThat(attempts).hasValue(3);
    }

    @Test
    void shouldWriteADeadLetterWhenAnEventCannotBeHandled() {
        String id = "graph:" + NEXT.incrementAndGet();
        AtomicInteger attempts = new AtomicInteger();
        loop.consume(batch(id), "c", (event, inbox) -> {
            attempts.incrementAndGet();
            throw new IllegalArgumentException("broken for good");
        });
        assertThat(attempts).hasValue(5);
        assertThat(deadLetters(id)).isEqualTo(1);
        // And it is not tried again when it is delivered again
        loop.consume(batch(id), "c", (event, inbox) -> new Outcome.Reject("still broken"));
        assertThat(deadLetters(id)).isEqualTo(1);
    }

    @Test
    void shouldWaitForAPeerWhenItIsAway() {
        AtomicInteger attempts = new AtomicInteger();
        String id = "graph:" + NEXT.incrementAndGet();
        loop.consume(batch(id), "d", (event, inbox) -> {
            if (attempts.incrementAndGet() < 3) {
                throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
            }
            return Outcome.DONE;
        });
        assertThat(attempts).hasValue(3);
        assertThat(deadLetters(id)).isZero();
    }

    @Test
    void shouldKeepTheOrderOfABatchWhenOneRecordIsRetried() {
        List<String> seen = new ArrayList<>();
        String first = "graph:" + NEXT.incrementAndGet();
        String second = "graph:" + NEXT.incrementAndGet();
        AtomicInteger attempts = new AtomicInteger();
        loop.consume(batch(first, second), "e", (event, inbox) -> {
            if (event.id().equals(first) && attempts.incrementAndGet() < 3) {
                return new Outcome.Retry(Duration.ofMillis(10), "again");
            }
            seen.add(event.id());
            return Outcome.DONE;
        });
        assertThat(seen).containsExactly(first, second);
    }

    @Test
    void shouldRollBackWhenAStatementFailedAndWasSwallowed() {
        assertThatThrownBy(() -> sql.run(Scope.of("main", "system:test", null), tx -> {
                    tx.publish("alert.cleared", "swallowed", Map.of());
                    try {
                        tx.execute("SELECT 1/0");
                    } catch (RuntimeException e) {
                        assertThat(e).hasMessageContaining("division");
                    }
                }))
                .hasMessageContaining("swallowed");
        assertThat(count("SELECT count(*) AS n FROM outbox WHERE key = $1", "swallowed"))
                .isZero();
    }

    private static long deadLetters(String eventId) {
        return count(
                "SELECT count(*) AS n FROM outbox WHERE topic = 'dead-letter' AND payload->'event'->>'id' = $1",
                eventId);
    }

    private static long count(String query, String argument) {
        return sql.tx(
                Scope.of("main", "system:test", null),
                tx -> tx.one(query, argument).orElseThrow().getLong("n"));
    }

    private static ConsumerRecords<String, byte[]> batch(String... ids) {
        TopicPartition partition = new TopicPartition("hq.alert", 0);
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        for (String id : ids) {
            ConsumerRecord<String, byte[]> record =
                    new ConsumerRecord<>("hq.alert", 0, records.size(), "key", "{}".getBytes(StandardCharsets.UTF_8));
            Map.of(
                            "ce_id", id,
                            "ce_type", "alert.fired",
                            "ce_source", "/graph-service",
                            "ce_time", "2026-11-21T08:00:00Z",
                            "ce_tenant", "main",
                            "ce_actor", "system:graph-service")
                    .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            records.add(record);
        }
        return new ConsumerRecords<>(Map.of(partition, records), Map.of());
    }
}
