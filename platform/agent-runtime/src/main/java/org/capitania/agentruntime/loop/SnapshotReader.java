package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Snapshot.Memory;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.Json;

/** Reads the JSON that a model writes when it is asked what the session leaves behind. Lenient with the frame, strict with the entries. */
final class SnapshotReader {
    private static final List<String> KINDS = List.of("fact", "pattern", "preference", "anti_pattern", "watch_item");
    private static final int LONGEST_BODY = 500;
    private static final int LONGEST_SHOWN = 40;
    private static final int MOST = 20;

    private SnapshotReader() {}

    /**
     * What was read.
     *
     * @param snapshot as much of it as can be kept; nothing in it is ours but the summary, where there was none
     * @param problems what is wrong with the rest, for the model
     */
    record Reading(Snapshot snapshot, List<String> problems) {}

    /** What a session that has ended keeps of a reply. What is wrong is told to the model once; after that what is right of it is kept. */
    static SessionEntry entry(Ticket ticket, Reply reply, Ended ended, boolean first) {
        Reading reading = read(reply.text(), ended.reason());
        String problems = String.join("; ", reading.problems());
        if (first && !problems.isEmpty()) {
            return new Refused("snapshot", problems);
        }
        if (!problems.isEmpty()) {
            Log.errorf(
                    "memory of a session is lost in part task=%s session=%s why=%s",
                    ticket.taskId(), ticket.sessionId(), problems);
        }
        return new Remembered(reading.snapshot());
    }

    /** Reads it; {@code summary} stands in where the text has none. */
    static Reading read(String text, String summary) {
        int from = text.indexOf('{');
        int to = text.lastIndexOf('}');
        JsonNode node = Json.MAPPER.missingNode();
        try {
            node = from < 0 || to < from ? node : Json.MAPPER.readTree(text.substring(from, to + 1));
        } catch (JsonProcessingException e) {
            // Said below, like a text without any.
        }
        String own = node.path("summary").asText("").strip();
        if (own.isEmpty()) {
            return new Reading(Snapshot.without(summary, ""), List.of("it is no JSON object with a summary"));
        }
        List<String> problems = new ArrayList<>();
        List<Memory> memories = memories(node.path("memories"), problems);
        String none = node.path("none").asText("").strip();
        if (memories.isEmpty() && none.isEmpty()) {
            problems.add("memories is empty, and none does not say why");
        }
        return new Reading(
                new Snapshot(own, node.path("memo").asText("").strip(), memories, memories.isEmpty() ? none : ""),
                problems);
    }

    private static List<Memory> memories(JsonNode list, List<String> problems) {
        List<Memory> memories = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.path(i);
            String kind = item.path("kind").asText("");
            String body = item.path("body").asText("").strip();
            if (!KINDS.contains(kind)) {
                String shown = kind.length() > LONGEST_SHOWN ? kind.substring(0, LONGEST_SHOWN) + "…" : kind;
                problems.add("memories[" + i + "].kind is \"" + shown + "\"; it is one of " + String.join(", ", KINDS));
            } else if (body.isEmpty()) {
                problems.add("memories[" + i + "].body is empty");
            } else if (memories.size() == MOST) {
                problems.add("there are " + list.size() + " memories; at most " + MOST + " are kept");
                break;
            } else {
                double salience = Math.clamp(item.path("salience").asDouble(0.5), 0.0, 1.0);
                memories.add(new Memory(
                        kind, body.length() > LONGEST_BODY ? body.substring(0, LONGEST_BODY) : body, salience));
            }
        }
        return memories;
    }
}
