package org.capitania.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.jspecify.annotations.Nullable;

/** One committed row of an outbox, on its way to Kafka. */
record OutboxRow(long id, String tenant, String type, String key, String payload, JsonNode headers, Instant createdAt) {
    private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
    private static final Header CONTENT_TYPE = header("content-type", "application/json");

    static OutboxRow of(Row row) {
        return new OutboxRow(
                row.getLong("id"),
                row.getString("tenant_id"),
                row.getString("topic"),
                row.getString("key"),
                row.getString("payload"),
                Json.read(row.getString("headers"), JsonNode.class),
                row.getOffsetDateTime("created_at").toInstant());
    }

    String kafkaTopic() {
        JsonNode named = headers.get("kafka_topic");
        return named == null ? Topics.of(type) : named.asText();
    }

    /** The record as a CloudEvent in Kafka binary mode. */
    ProducerRecord<String, byte[]> record(String schema, String service) {
        var record = new ProducerRecord<>(kafkaTopic(), key, payload.getBytes(StandardCharsets.UTF_8));
        record.headers().add(SPEC_VERSION).add(CONTENT_TYPE);
        add(record, "ce_id", eventId(schema, id));
        add(record, "ce_type", type);
        add(record, "ce_source", "/" + service);
        add(record, "ce_subject", headers.path("subject").asText(key));
        add(record, "ce_time", createdAt.toString());
        add(record, "ce_tenant", tenant);
        add(record, "ce_actor", headers.path("actor").asText("system:" + service));
        add(record, "ce_reason", text("reason"));
        add(record, "ce_causationid", text("causationid"));
        add(record, "ce_correlationid", text("correlationid"));
        add(record, "traceparent", text("traceparent"));
        return record;
    }

    /** The event id of an outbox row, unique in the fleet. */
    static String eventId(String schema, long id) {
        return schema + ":" + id;
    }

    private @Nullable String text(String header) {
        JsonNode value = headers.get(header);
        return value == null ? null : value.asText();
    }

    private static void add(ProducerRecord<String, byte[]> record, String name, @Nullable String value) {
        if (value != null) {
            record.headers().add(header(name, value));
        }
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
