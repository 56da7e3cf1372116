package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event of a session.
 *
 * @param id the sequence of the entry it tells; empty where it tells none
 * @param name entry, text or end
 */
record LiveEvent(String id, String name, JsonNode data) {

    /** The events of a stream's lines, as they come; comments, which are signs of life, are passed over. */
    static Iterator<LiveEvent> read(Iterator<String> lines) {
        return new Iterator<>() {
            private @Nullable LiveEvent next;

            @Override
            public boolean hasNext() {
                String id = "";
                String name = "";
                while (next == null && lines.hasNext()) {
                    String line = lines.next();
                    if (line.startsWith("id:")) {
                        id = line.substring("id:".length()).strip();
                    } else if (line.startsWith("event:")) {
                        name = line.substring("event:".length()).strip();
                    } else if (line.startsWith("data:")) {
                        // One line each: JSON has no line breaks of its own.
                        next = new LiveEvent(id, name, Json.read(line.substring("data:".length()), JsonNode.class));
                    }
                }
                return next != null;
            }

            @Override
            public LiveEvent next() {
                LiveEvent event = hasNext() ? next : null;
                if (event == null) {
                    throw new NoSuchElementException("the stream has ended");
                }
                next = null;
                return event;
            }
        };
    }
}
