package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
     * @param executed whether it reached the gateway at all
     * @param data the result's data; missing when there is none
     */
    record Made(
            int at,
            boolean executed,
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
                returned.executed(),
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

    /** Whether there is such a tool, and it shows such an action; an empty action asks for the tool alone. */
    boolean has(String tool, String action) {
        return tools.stream()
                .filter(t -> t.name().equals(tool))
                .anyMatch(t -> action.isEmpty() || shows(t.inputSchema().at("/properties/action/enum"), action));
    }

    private static boolean shows(JsonNode actions, String action) {
        return !actions.isArray()
                || actions.valueStream().anyMatch(a -> a.asText().equals(action));
    }

    List<Seen> seen() {
        return seen;
    }

    /** The calls of a tool with exactly these arguments that reached the gateway after a place, in order. */
    List<Made> made(String tool, Map<String, ?> arguments, int after) {
        JsonNode wanted = Json.read(Json.write(arguments), JsonNode.class);
        return made.stream()
                .filter(m -> m.executed() && m.at() > after)
                .filter(m -> m.tool().equals(tool) && m.arguments().equals(wanted))
                .toList();
    }

    /** The latest call of a tool that a test accepts. */
    Optional<Made> last(String tool, Predicate<Made> accept) {
        return made.stream()
                .filter(m -> m.executed() && m.tool().equals(tool) && accept.test(m))
                .reduce((a, b) -> b);
    }

    List<Made> made() {
        return made;
    }
}
