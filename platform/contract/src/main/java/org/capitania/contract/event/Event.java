package org.capitania.contract.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * One CloudEvent as a consumer sees it.
 *
 * @param id {@code <schema>:<outbox id>}, unique in the fleet
 * @param key the aggregate's id, which is the record's key: events of one key keep their order
 * @param data the payload; its record type follows from {@code type}
 */
public record Event(
        String id,
        String type,
        String source,
        @Nullable String subject,
        Instant time,
        String tenant,
        String actor,
        @Nullable String reason,
        @Nullable String causationId,
        @Nullable String correlationId,
        @Nullable String traceparent,
        String key,
        JsonNode data) {

    /** The payload as its record. */
    public <T> T as(Class<T> payload) {
        return Json.convert(data, payload);
    }
}
