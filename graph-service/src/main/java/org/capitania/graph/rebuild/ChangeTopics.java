package org.capitania.graph.rebuild;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.Topics;
import org.capitania.graph.ExactJson;

/** The two change topics from their beginning, read outside any consumer group. Not for more than one thread. */
final class ChangeTopics implements AutoCloseable {
    /** One change of one row; {@code row} is its JSON text. */
    record Change(String kind, String id, int version, String row) {}

    private static final Duration POLL = Duration.ofMillis(500);
    /** Small fetches: this runs in a service of 96 MB of heap. */
    private static final int FETCH_BYTES = 4 * 1024 * 1024;

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final String tenant;

    ChangeTopics(String bootstrap, String tenant) {
        this.tenant = tenant;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FETCH_BYTES / Topics.PARTITIONS),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : List.of(Topics.GRAPH_NODES, Topics.GRAPH_EDGES)) {
            consumer.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(topic, p.partition())));
        }
        partitions = List.copyOf(all);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Hands on, page by page, the tenant's changes up to what is now the end; the next call goes on from there. */
    void readToEnd(Consumer<List<Change>> page) {
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            List<Change> changes = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (isOurs(record)) {
                    changes.add(change(record));
                }
            }
            if (!changes.isEmpty()) {
                page.accept(changes);
            }
        }
    }

    private boolean isOurs(ConsumerRecord<String, byte[]> record) {
        var header = record.headers().lastHeader("ce_tenant");
        return header != null && tenant.equals(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static Change change(ConsumerRecord<String, byte[]> record) {
        var event = ExactJson.read(new String(record.value(), StandardCharsets.UTF_8));
        return new Change(
                record.topic().equals(Topics.GRAPH_NODES) ? "node" : "edge",
                event.get("id").textValue(),
                event.get("version").intValue(),
                event.get("row").toString());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
