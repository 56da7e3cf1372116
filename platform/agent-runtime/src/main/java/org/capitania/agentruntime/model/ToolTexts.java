package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.Json;

/**
 * The member {@code tools} of requests, as it was written for the same tools before: it is most of a request, the same in each turn, and
 * would be composed, read and written several times for every one.
 */
final class ToolTexts {
    private static final String MEMBER = "tools";
    private static final int KEPT = 4;

    private final Deque<Text> texts = new ArrayDeque<>();

    private record Text(boolean searches, List<ToolDefinition> tools, String json) {
        boolean is(boolean searching, List<ToolDefinition> others) {
            return searches == searching && tools.equals(others);
        }
    }

    /** How these tools were written for a provider that searches, or for one that does not. */
    synchronized Optional<String> of(boolean searches, List<ToolDefinition> tools) {
        return texts.stream()
                .filter(text -> text.is(searches, tools))
                .findFirst()
                .map(Text::json);
    }

    /** Keeps how a request has them; the oldest goes. */
    synchronized void keep(boolean searches, List<ToolDefinition> tools, ObjectNode request) {
        JsonNode written = request.path(MEMBER);
        if (written.isArray() && of(searches, tools).isEmpty()) {
            texts.addFirst(new Text(searches, List.copyOf(tools), Json.write(written)));
            if (texts.size() > KEPT) {
                texts.removeLast();
            }
        }
    }

    /** Puts them into a request that has others in their place. */
    static void put(ObjectNode request, String json) {
        request.putRawValue(MEMBER, new RawValue(json));
    }
}
