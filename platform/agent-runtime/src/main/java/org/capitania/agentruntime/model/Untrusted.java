package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.capitania.agentruntime.transcript.Incoming;

/** Shows outside content to a model between marks that the content cannot forge: they carry a word which no sender can know. */
final class Untrusted {
    private Untrusted() {}

    static String fenced(String sessionId, Incoming item) {
        String mark = "untrusted-"
                + UUID.nameUUIDFromBytes((sessionId + item.id()).getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
        return "<" + mark + " type=\"" + attribute(item.type()) + "\" from=\"" + attribute(item.actor()) + "\" at=\""
                + item.time() + "\" outside=\"" + item.tainted() + "\">\n" + json(item.data()) + "\n</" + mark + ">";
    }

    /** JSON in one line in which no angle bracket is left, so that nothing inside can look like a mark or a sentinel. */
    static String json(JsonNode node) {
        return node.toString().replace("<", "\\u003c").replace(">", "\\u003e");
    }

    private static String attribute(String text) {
        return text.replaceAll("[^A-Za-z0-9_.:@ -]", "?");
    }
}
