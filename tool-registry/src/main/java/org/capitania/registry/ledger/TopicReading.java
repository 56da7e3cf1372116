package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Reads a tenant's records of a topic up to the end that it has now, as they come; nothing of them is kept. */
@ApplicationScoped
class TopicReading {
    private static final Duration POLL = Duration.ofMillis(500);
    /** How long the topic may give nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** What is on its way at once, in bytes. */
    private static final int AT_ONCE = 4 << 20;

    private final String bootstrap;
    private final String group;

    TopicReading(
            @ConfigProperty(name = "hq.kafka.bootstrap") String bootstrap,
            @ConfigProperty(name = "mp.messaging.incoming.events.group.id") String group) {
        this.bootstrap = bootstrap;
        this.group = group;
    }

    /** How much of a topic there was to read. */
    static final class Extent {
        private final Map<TopicPartition, Long> taken = new HashMap<>();
        private final Map<Integer, Instant> trimmed = new HashMap<>();

        /** Whether this service said before the reading began that it was done with a record. */
        boolean taken(ConsumerRecord<?, ?> record) {
            return record.offset() < taken.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
        }

        /** When the first record was written that is left of a topic that has lost some; null when none is lost. */
        @Nullable
        Instant begins() {
            return trimmed.values().stream().max(Instant::compareTo).orElse(null);
        }
    }

    /**
     * Reads.
     *
     * @param since from when on; null: from the beginning
     * @param reader is given what one poll brought, of each partition in its order
     */
    Extent read(
            String topic,
            String tenant,
            @Nullable Instant since,
            BiConsumer<List<ConsumerRecord<String, byte[]>>, Extent> reader) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            Extent extent = new Extent();
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions));
            committed.forEach((partition, offset) -> {
                if (offset != null) {
                    extent.taken.put(partition, offset.offset());
                }
            });
            seek(consumer, partitions, since);
            read(consumer, tenant, extent, reader);
            return extent;
        } catch (KafkaException e) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the topic " + topic + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void seek(
            KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, @Nullable Instant since) {
        consumer.seekToBeginning(partitions);
        if (since == null) {
            return;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            if (first == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, first.offset());
            }
        }
    }

    private static void read(
            KafkaConsumer<String, byte[]> consumer,
            String tenant,
            Extent extent,
            BiConsumer<List<ConsumerRecord<String, byte[]>>, Extent> reader) {
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(consumer.assignment());
        Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new CapitaniaException(
                        ErrorCode.PEER_UNAVAILABLE, "the topic gave nothing more within " + PATIENCE);
            }
            List<ConsumerRecord<String, byte[]>> own = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() > 0 && record.offset() == begin.getOrDefault(partition, 0L)) {
                    extent.trimmed.put(record.partition(), Instant.ofEpochMilli(record.timestamp()));
                }
                var header = record.headers().lastHeader("ce_tenant");
                if (record.offset() < end.getOrDefault(partition, 0L)
                        && header != null
                        && tenant.equals(new String(header.value(), StandardCharsets.UTF_8))) {
                    own.add(record);
                }
            }
            if (!own.isEmpty()) {
                reader.accept(own, extent);
            }
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        // Only to ask how far the service is: partitions that are assigned belong to no group.
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        AT_ONCE,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        AT_ONCE / 4),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
