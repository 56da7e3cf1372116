package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.LedgerHead;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The heads that were ever published, read from their topic's beginning. */
@ApplicationScoped
class PublishedHeads {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String bootstrap;

    PublishedHeads(@ConfigProperty(name = "hq.kafka.bootstrap") String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** Those of one tenant, in the order of publication. */
    List<LedgerHead> of(String tenant) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.LEDGER_HEADS, PATIENCE).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return read(consumer, tenant);
        } catch (KafkaException e) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "the published heads cannot be read: " + e.getMessage(), e);
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<LedgerHead> read(KafkaConsumer<String, byte[]> consumer, String tenant) {
        List<LedgerHead> heads = new ArrayList<>();
        Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new CapitaniaException(
                        ErrorCode.PEER_UNAVAILABLE, "the published heads could not be read within " + PATIENCE);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                var header = record.headers().lastHeader("ce_tenant");
                if (header != null && tenant.equals(new String(header.value(), StandardCharsets.UTF_8))) {
                    heads.add(Json.read(record.value(), LedgerHead.class));
                }
            }
        }
        return heads;
    }
}
