package org.capitania.agentruntime.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.contract.Json;

/** Entries to and from the store. */
final class SessionJson {
    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(SessionEntry.class);

    private SessionJson() {}

    static String write(SessionEntry entry) {
        try {
            // PostgreSQL's jsonb has no NUL; a mail may.
            return WRITER.writeValueAsString(entry).replace("\\u0000", "\\ufffd");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "an entry that is no JSON: " + entry.getClass().getSimpleName(), e);
        }
    }

    static SessionEntry read(String json) {
        return Json.read(json, SessionEntry.class);
    }

    /** The name under which the entry is stored. */
    static String kind(String json) {
        JsonNode node = Json.read(json, JsonNode.class);
        return node.path("kind").asText();
    }
}
