package org.capitania.cli.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.capitania.contract.Json;

/** A record as a CloudEvent in JSON format, with where it lies as extensions. */
final class CloudEvent {
    private static final List<String> ATTRIBUTES = List.of(
            "id", "type", "source", "subject", "time", "tenant", "actor", "reason", "causationid", "correlationid");

    private CloudEvent() {}

    static ObjectNode of(ConsumerRecord<String, byte[]> record) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0");
        for (String attribute : ATTRIBUTES) {
            put(event, attribute, record.headers().lastHeader("ce_" + attribute));
        }
        put(event, "traceparent", record.headers().lastHeader("traceparent"));
        put(event, "datacontenttype", record.headers().lastHeader("content-type"));
        event.put("topic", record.topic()).put("partition", record.partition()).put("offset", record.offset());
        event.put("partitionkey", record.key());
        event.set("data", data(record.value()));
        return event;
    }

    private static void put(ObjectNode event, String name, Header header) {
        if (header != null && header.value() != null) {
            event.put(name, new String(header.value(), StandardCharsets.UTF_8));
        }
    }

    private static JsonNode data(byte[] value) {
        if (value == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            return Json.MAPPER.readTree(value);
        } catch (IOException e) {
            return JsonNodeFactory.instance.textNode(new String(value, StandardCharsets.UTF_8));
        }
    }
}
