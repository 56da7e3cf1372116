package org.capitania.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.jspecify.annotations.Nullable;

/** Reads what both relays have carried, from the beginning, and holds it to its promise: each key's events once, in order, none missing. */
final class RelayReader implements AutoCloseable {
    private record Counted(long n) {}

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Map<String, Long>> last = new HashMap<>();
    private final Map<String, Long> read = new ConcurrentHashMap<>();
    private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("reader").unstarted(this::follow);
    private volatile boolean timing;
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException broken;

    RelayReader(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(partitions(RelayStage.OUR_TOPIC, RelayStage.PEER_TOPIC));
    }

    void start() {
        thread.start();
    }

    /** How many records the topic has, by the broker's own count; only before {@link #start}. */
    long end(String topic) {
        return consumer.endOffsets(partitions(topic)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How many records of the topic have been read. */
    long count(String topic) {
        check();
        return read.getOrDefault(topic, 0L);
    }

    /** Notes from now on when an event is read, and nothing of those before. */
    void time() {
        arrivals.clear();
        timing = true;
    }

    /** When an event was read, by this process' clock of nanoseconds. */
    long arrival(String topic, String key, long n) {
        Long at = arrivals.get(topic + "/" + key + "/" + n);
        if (at == null) {
            throw new IllegalStateException(key + " " + n + " was not carried to " + topic);
        }
        return at;
    }

    /** Fails unless exactly these events, the last of each key given, were carried to the topic. */
    void expect(String topic, Map<String, Long> counters) {
        check();
        Map<String, Long> carried = last.getOrDefault(topic, Map.of());
        if (!carried.equals(counters)) {
            throw new IllegalStateException("events are missing in " + topic + ": the last of each key are " + carried
                    + ", written were " + counters);
        }
    }

    private void check() {
        RuntimeException problem = broken;
        if (problem != null) {
            throw problem;
        }
    }

    private void follow() {
        try {
            while (!stopping) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    take(record, System.nanoTime());
                }
            }
        } catch (RuntimeException e) {
            broken = e;
        } finally {
            consumer.close();
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, long now) {
        long n = Json.read(record.value(), Counted.class).n();
        Long before = last.computeIfAbsent(record.topic(), t -> new ConcurrentHashMap<>())
                .put(record.key(), n);
        if (n != (before == null ? 0 : before) + 1) {
            throw new IllegalStateException(
                    "out of order in " + record.topic() + ": " + record.key() + " " + n + " after " + before);
        }
        byte[] tenant = record.headers().lastHeader("ce_tenant").value();
        if (!Arrays.equals(tenant, "main".getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalStateException("a record without its tenant in " + record.topic());
        }
        if (timing) {
            arrivals.put(record.topic() + "/" + record.key() + "/" + n, now);
        }
        read.merge(record.topic(), 1L, Long::sum);
    }

    private static List<TopicPartition> partitions(String... topics) {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            IntStream.range(0, Topics.PARTITIONS).forEach(p -> all.add(new TopicPartition(topic, p)));
        }
        return all;
    }

    @Override
    public void close() {
        stopping = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
        }
    }
}
