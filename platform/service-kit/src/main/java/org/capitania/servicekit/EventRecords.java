package org.capitania.servicekit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.capitania.contract.Json;
import org.capitania.contract.event.Event;
import org.jspecify.annotations.Nullable;

/** CloudEvents 1.0, Kafka binary mode: a record's headers and body to an {@link Event}. */
public final class EventRecords {
    private EventRecords() {}

    /** Reads a record; an attribute that must be there and is not is an {@link IllegalArgumentException} that names it. */
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
                data(record));
    }

    private static JsonNode data(ConsumerRecord<String, byte[]> record) {
        try {
            return Json.MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new IllegalArgumentException("the record's body is not JSON", e);
        }
    }

    private static String required(ConsumerRecord<String, byte[]> record, String name) {
        String value = header(record, name);
        if (value == null) {
            throw new IllegalArgumentException("the record has no header " + name);
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
