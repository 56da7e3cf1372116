package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** The one object that {@code --json} prints; all its members are always there. */
final class Envelope {
    private Envelope() {}

    static ObjectNode of(Reply reply) {
        return envelope(reply.action(), reply.data(), reply.auditEventId(), reply.traceId(), reply.failure());
    }

    static ObjectNode of(String action, Failure failure, @Nullable String traceId) {
        return envelope(action, null, null, traceId, failure);
    }

    private static ObjectNode envelope(
            String action,
            @Nullable JsonNode data,
            @Nullable String auditEventId,
            @Nullable String traceId,
            @Nullable Failure failure) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("ok", failure == null);
        envelope.put("action", action);
        envelope.set("data", data);
        envelope.put("audit_event_id", auditEventId);
        envelope.put("trace_id", traceId);
        envelope.set("error", failure == null ? null : error(failure));
        return envelope;
    }

    private static ObjectNode error(Failure failure) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", failure.code());
        error.put("message", failure.message());
        error.put("hint", failure.hint());
        error.set("errors", Json.tree(failure.errors()));
        return error;
    }
}
