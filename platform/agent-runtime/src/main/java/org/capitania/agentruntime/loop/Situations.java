package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelPolicy.Call;
import org.capitania.agentruntime.workspace.ModelPolicy.Situation;
import org.jspecify.annotations.Nullable;

/** What a transcript is about, for the model policy. */
public final class Situations {
    /** In characters. */
    private static final int LONGEST_TEXT = 64 * 1024;

    private Situations() {}

    /** What the next turn is about. */
    public static Situation of(Transcript transcript, Purpose purpose) {
        List<Incoming> items = transcript.all(Received.class).stream()
                .flatMap(r -> r.items().stream())
                .toList();
        String text = items.stream()
                .filter(item -> !item.tainted())
                .map(item -> item.data().toString())
                .collect(Collectors.joining("\n"));
        @Nullable Reply last = transcript.lastReply();
        return new Situation(
                purpose == Purpose.ASK ? "ask" : "task",
                items.stream().flatMap(Situations::types).distinct().toList(),
                text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text,
                last == null
                        ? List.of()
                        : last.calls().stream().map(Situations::call).toList(),
                last == null ? "" : last.text());
    }

    static Situation snapshot() {
        return new Situation("snapshot", List.of(), "", List.of(), "");
    }

    private static Stream<String> types(Incoming item) {
        return item.subject() == null
                ? Stream.of(item.type())
                : Stream.of(item.type(), item.type() + "." + item.subject());
    }

    private static Call call(ToolCall call) {
        Map<String, String> arguments = new LinkedHashMap<>();
        call.parsed()
                .map(ObjectNode::properties)
                .ifPresent(fields -> fields.stream()
                        .filter(field -> field.getValue().isValueNode())
                        .forEach(field -> arguments.put(field.getKey(), value(field.getValue()))));
        return new Call(call.tool(), arguments);
    }

    private static String value(JsonNode node) {
        return node.asText();
    }
}
