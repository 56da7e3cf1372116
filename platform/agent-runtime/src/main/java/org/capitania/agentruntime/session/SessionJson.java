package org.capitania.agentruntime.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The name under which the entry is stored. It is written first: what opens a session is long. */
    static String kind(String json) {
        try (JsonParser parser = Json.MAPPER.createParser(json)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals("kind")) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
            throw new IllegalStateException("an entry without a kind");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
