package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Snapshot.Memory;
import org.capitania.contract.Json;

/** Reads the JSON that a model writes when it is asked what the session leaves behind. Lenient with the frame, strict with the entries. */
final class SnapshotReader {
    private static final Set<String> KINDS = Set.of("fact", "pattern", "preference", "anti_pattern", "watch_item");
    private static final int LONGEST_BODY = 500;
    private static final int MOST = 20;

    private SnapshotReader() {}

    /** Empty when the text holds no JSON object with a summary. */
    static Optional<Snapshot> read(String text) {
        int from = text.indexOf('{');
        int to = text.lastIndexOf('}');
        if (from < 0 || to < from) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.MAPPER.readTree(text.substring(from, to + 1));
            String summary = node.path("summary").asText("").strip();
            if (summary.isEmpty()) {
                return Optional.empty();
            }
            List<Memory> memories = memories(node.path("memories"));
            String none = node.path("none").asText("").strip();
            return Optional.of(new Snapshot(
                    summary,
                    node.path("memo").asText("").strip(),
                    memories,
                    memories.isEmpty() && none.isEmpty() ? "the model named nothing worth remembering" : none));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static List<Memory> memories(JsonNode list) {
        List<Memory> memories = new ArrayList<>();
        for (JsonNode item : list) {
            String kind = item.path("kind").asText("");
            String body = item.path("body").asText("").strip();
            if (KINDS.contains(kind) && !body.isEmpty() && memories.size() < MOST) {
                double salience = Math.clamp(item.path("salience").asDouble(0.5), 0.0, 1.0);
                memories.add(new Memory(
                        kind, body.length() > LONGEST_BODY ? body.substring(0, LONGEST_BODY) : body, salience));
            }
        }
        return memories;
    }
}
