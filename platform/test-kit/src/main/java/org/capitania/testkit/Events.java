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
        put(record.headers(), id, type, tenant);
        return send(TestKafka.shared().bootstrap(), record, id);
    }

    /** Publishes an event of tenant {@code main} to another broker than the test's, with a subject or none. */
    public static String publishTo(String bootstrap, String type, @Nullable String subject, String key, Object data) {
        String id = "test:" + UUID.randomUUID();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.of(type), key, Json.bytes(data));
        put(record.headers(), id, type, TestTokens.TENANT);
        if (subject != null) {
            put(record.headers(), "ce_subject", subject);
        }
        return send(bootstrap, record, id);
    }

    /** The same as somebody's doing in a task: {@code correlation} is the task's id. */
    public static String publishBy(String actor, String correlation, String type, String key, Object data) {
        String id = "test:" + UUID.randomUUID();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.of(type), key, Json.bytes(data));
        put(record.headers(), id, type, TestTokens.TENANT);
        record.headers().remove("ce_actor");
        put(record.headers(), "ce_actor", actor);
        put(record.headers(), "ce_correlationid", correlation);
        return send(TestKafka.shared().bootstrap(), record, id);
    }

    private static String send(String bootstrap, ProducerRecord<String, byte[]> record, String id) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                java.util.Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record);
            producer.flush();
        }
        return id;
    }

    private static void put(Headers headers, String id, String type, String tenant) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id);
        put(headers, "ce_type", type);
        put(headers, "ce_source", "/test");
        put(headers, "ce_time", "2026-01-01T00:00:00Z");
        put(headers, "ce_tenant", tenant);
        put(headers, "ce_actor", "system:test");
        put(headers, "ce_reason", "test");
        put(headers, "content-type", "application/json");
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
