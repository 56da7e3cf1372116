package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capitania.contract.Json;

/** The chunks of chat completions: words and the arguments of calls grow, everything else is said once. */
final class OpenAiPieces implements AnswerPieces {
    private static final List<String> AS_THEY_ARE = List.of("id", "created", "model", "usage");

    private final ObjectNode answer = Json.MAPPER.createObjectNode().put("object", "chat.completion");
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private String finish = "";

    private static final class Call {
        private String id = "";
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
    }

    @Override
    public String take(JsonNode chunk) {
        AS_THEY_ARE.stream().filter(chunk::hasNonNull).forEach(name -> answer.set(name, chunk.path(name)));
        JsonNode choice = chunk.at("/choices/0");
        if (choice.hasNonNull("finish_reason")) {
            finish = choice.path("finish_reason").asText();
        }
        JsonNode delta = choice.path("delta");
        String words = text(delta.path("content"));
        content.append(words);
        refusal.append(text(delta.path("refusal")));
        for (JsonNode piece : delta.path("tool_calls")) {
            Call call = calls.computeIfAbsent(piece.path("index").asInt(), index -> new Call());
            call.id = piece.hasNonNull("id") ? piece.path("id").asText() : call.id;
            call.name.append(text(piece.at("/function/name")));
            call.arguments.append(text(piece.at("/function/arguments")));
        }
        return words;
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : "";
    }

    @Override
    public Optional<ObjectNode> whole() {
        if (finish.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode choice =
                answer.putArray("choices").addObject().put("index", 0).put("finish_reason", finish);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", content.isEmpty() ? null : content.toString());
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        for (Call call : calls.values()) {
            message.withArray("/tool_calls")
                    .addObject()
                    .put("id", call.id)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name.toString())
                    .put("arguments", call.arguments.toString());
        }
        return Optional.of(answer);
    }
}
