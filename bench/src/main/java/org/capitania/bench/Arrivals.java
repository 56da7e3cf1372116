package org.capitania.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.jspecify.annotations.Nullable;

/** Reads from now on when a graph-service's changes of nodes are to be had from its broker, by this process' clock of nanoseconds. */
final class Arrivals implements AutoCloseable {
    private record Changed(long version) {}

    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("arrivals").unstarted(this::follow);
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException broken;

    Arrivals(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, Topics.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topics.GRAPH_NODES, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        // Looked up now, and not with the first poll.
        all.forEach(consumer::position);
        thread.start();
    }

    /** When this version of a node was read; waits for it. */
    long of(String node, long version) {
        long deadline = System.nanoTime() + PATIENCE;
        while (true) {
            Long at = arrivals.get(node + "/" + version);
            if (at != null) {
                return at;
            }
            RuntimeException problem = broken;
            if (problem != null) {
                throw problem;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("version " + version + " of " + node + " did not reach the broker");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    void forget() {
        arrivals.clear();
    }

    private void follow() {
        try {
            while (!stopping) {
                var records = consumer.poll(Duration.ofMillis(100));
                long now = System.nanoTime();
                for (ConsumerRecord<String, byte[]> record : records) {
                    long version = Json.read(record.value(), Changed.class).version();
                    arrivals.put(record.key() + "/" + version, now);
                }
            }
        } catch (RuntimeException e) {
            broken = e;
        } finally {
            consumer.close();
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
