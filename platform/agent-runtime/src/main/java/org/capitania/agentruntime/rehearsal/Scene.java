package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Json;

/** A transcript as a procedure looks at it: what came in and what was done, each with its place in the order. */
final class Scene {
    /** Something that came in, at a place. */
    record Seen(int at, Incoming item) {}

    /**
     * A tool call and its result.
     *
     * @param data the result's data; missing when there is none
     */
    record Made(
            int at,
            String tool,
            JsonNode arguments,
            boolean ok,
            String status,
            String code,
            JsonNode data,
            String problem) {}

    private final List<Seen> seen = new ArrayList<>();
    private final List<Made> made = new ArrayList<>();
    private final List<ToolDefinition> tools;

    Scene(Transcript transcript, List<ToolDefinition> tools) {
        this.tools = tools;
        List<SessionEntry> entries = transcript.entries();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Received received) {
                for (Incoming item : received.items()) {
                    seen.add(new Seen(i, item));
                }
            } else if (entries.get(i) instanceof Returned returned) {
                made.add(made(i, returned, transcript));
            }
        }
    }

    private static Made made(int at, Returned returned, Transcript transcript) {
        JsonNode arguments = transcript.all(Replied.class).stream()
                .filter(r -> r.turn() == returned.turn())
                .flatMap(r -> r.reply().calls().get(returned.ordinal() - 1).parsed().stream())
                .findFirst()
                .orElseGet(Json.MAPPER::createObjectNode);
        JsonNode content = returned.content();
        return new Made(
                at,
                returned.tool(),
                arguments,
                returned.ok(),
                returned.status(),
                returned.code() == null ? "" : returned.code(),
                content.path("data"),
                content.path("error")
                        .path("message")
                        .asText(content.path("message").asText("")));
    }

    boolean has(String tool) {
        return tools.stream().anyMatch(t -> t.name().equals(tool));
    }

    List<Seen> seen() {
        return seen;
    }

    List<Seen> mails() {
        return seen.stream()
                .filter(s -> s.item().type().equals("email.received")
                        || s.item().type().equals("email.thread.updated"))
                .toList();
    }

    /** The latest call of a tool that a test accepts. */
    Optional<Made> last(String tool, Predicate<Made> accept) {
        return made.stream()
                .filter(m -> m.tool().equals(tool) && accept.test(m))
                .reduce((a, b) -> b);
    }

    List<Made> made() {
        return made;
    }
}
