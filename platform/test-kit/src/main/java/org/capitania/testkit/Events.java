package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.Event;
import org.jspecify.annotations.Nullable;

/** Events as records of the test broker, written here apart from service-kit so that a mistake there is seen. */
public final class Events {
    private Events() {}

    /** Reads a CloudEvents 1.0 record in Kafka's binary mode. */
    public static Event read(ConsumerRecord<String, byte[]> record) {
        return new Event(
                required(record, "ce_id"),
                required(record, "ce_type"),
                required(record, "ce_source"),
                header(record, "ce_subject"),
                Instant.parse(required(record, "ce_time")),
                required(record, "ce_tenant"),
                required(record, "ce_actor"),
                header(record, "ce_reason"),
                header(record, "ce_causationid"),
                header(record, "ce_correlationid"),
                header(record, "traceparent"),
                record.key(),
                Json.read(record.value(), JsonNode.class));
    }

    /** Publishes an event of tenant {@code main} as a service other than the one under test would; returns its id. */
    public static String publish(String type, String key, Object data) {
        return publish(Topics.of(type), "test:" + UUID.randomUUID(), type, TestTokens.TENANT, key, data);
    }

    /** The same with topic, id and tenant chosen; the same id again is a redelivery. */
    public static String publish(String topic, String id, String type, String tenant, String key, Object data) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, Json.bytes(data));
        put(record.headers(), "ce_specversion", "1.0");
        put(record.headers(), "ce_id", id);
        put(record.headers(), "ce_type", type);
        put(record.headers(), "ce_source", "/test");
        put(record.headers(), "ce_time", "2026-01-01T00:00:00Z");
        put(record.headers(), "ce_tenant", tenant);
        put(record.headers(), "ce_actor", "system:test");
        put(record.headers(), "ce_reason", "test");
        put(record.headers(), "content-type", "application/json");
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                java.util.Map.of("bootstrap.servers", TestKafka.shared().bootstrap(), "acks", "all", "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record);
            producer.flush();
        }
        return id;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String required(ConsumerRecord<String, byte[]> record, String name) {
        return Optional.ofNullable(header(record, name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the record at " + record.topic() + "/" + record.offset() + " has no header " + name));
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
