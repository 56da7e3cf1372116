package org.capitania.cli.call;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A service's answer that was no failure.
 *
 * @param tag the entity tag of the body, where the service gives one
 */
public record Answer(int status, JsonNode body, @Nullable String tag) {
    /** The record of the change in the history or the ledger, where the service told it. */
    public @Nullable String auditEventId() {
        JsonNode id = body.path("audit_event_id");
        return id.isTextual() ? id.asText() : null;
    }
}
