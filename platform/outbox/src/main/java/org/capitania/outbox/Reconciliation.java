package org.capitania.outbox;

import io.quarkus.logging.Log;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.capitania.contract.Topics;

/**
 * Compares, before the relay begins, how far each partition had got with what the broker has now; what a broker lost (power cut without
 * flush, a deleted data directory, a restore) is published again from the rows that are kept. Consumers de-duplicate the rest.
 */
final class Reconciliation {
    /** How far back from a partition's end one of our own records is looked for before all retained rows are sent again. */
    private static final long LOOK_BACK = 2_000;

    private final RelayStore store;
    private final KafkaSink sink;
    private final String bootstrap;
    private final String schema;
    private final int page;

    Reconciliation(RelayStore store, KafkaSink sink, String bootstrap, String schema, int page) {
        this.store = store;
        this.sink = sink;
        this.bootstrap = bootstrap;
        this.schema = schema;
        this.page = page;
    }

    /** Publishes again what is missing; returns how many records that were. */
    int run() {
        List<RelayStore.Progress> known = store.progress();
        if (known.isEmpty()) {
            return 0;
        }
        Map<String, String> ids =
                sink.topicIds(known.stream().map(RelayStore.Progress::topic).collect(Collectors.toSet()));
        int again = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(known.stream()
                    .filter(p -> ids.containsKey(p.topic()))
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
            for (RelayStore.Progress partition : known) {
                TopicPartition tp = new TopicPartition(partition.topic(), partition.partition());
                long end = ends.getOrDefault(tp, 0L);
                if (!ids.containsKey(partition.topic())) {
                    // What the fleet needs has just been made: this one is nobody's, and heals once it is made again.
                    continue;
                }
                boolean sameTopic = partition.topicUuid().equals(ids.get(partition.topic()));
                if (sameTopic && end >= partition.nextOffset()) {
                    continue;
                }
                NavigableSet<Long> there = sameTopic ? lastOwnRecords(consumer, tp, end) : new TreeSet<>();
                int sent = sendWithout(partition, there);
                Log.warnf(
                        "the broker had lost records, published again topic=%s partition=%d records=%d",
                        partition.topic(), partition.partition(), sent);
                again += sent;
            }
        }
        return again;
    }

    /** Sends what is retained of a partition from the first of these on, but not these: ids are not sent in order. */
    private int sendWithout(RelayStore.Progress partition, NavigableSet<Long> there) {
        int sent = 0;
        long after = there.isEmpty() ? 0 : there.getFirst();
        while (true) {
            List<OutboxRow> rows = store.rowsOf(partition.topic(), after, page);
            if (rows.isEmpty()) {
                return sent;
            }
            after = rows.getLast().id();
            List<OutboxRow> ours = rows.stream()
                    .filter(r -> r.id() <= partition.outboxId()
                            && !there.contains(r.id())
                            && partitionOf(r) == partition.partition())
                    .toList();
            store.save(sink.send(ours).await().values());
            sent += ours.size();
        }
    }

    private static int partitionOf(OutboxRow row) {
        return BuiltInPartitioner.partitionForKey(row.key().getBytes(StandardCharsets.UTF_8), Topics.PARTITIONS);
    }

    /** The outbox ids of our records near the end of a partition. */
    private NavigableSet<Long> lastOwnRecords(KafkaConsumer<byte[], byte[]> consumer, TopicPartition tp, long end) {
        NavigableSet<Long> ids = new TreeSet<>();
        if (end == 0) {
            return ids;
        }
        consumer.assign(List.of(tp));
        consumer.seek(tp, Math.max(0, end - LOOK_BACK));
        while (consumer.position(tp) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                Header id = record.headers().lastHeader("ce_id");
                String text = id == null ? "" : new String(id.value(), StandardCharsets.UTF_8);
                if (text.startsWith(schema + ":")) {
                    ids.add(Long.parseLong(text.substring(schema.length() + 1)));
                }
            }
        }
        return ids;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
