package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** Whole answers in the form in which the same provider streams them. */
final class Streams {
    private static final int PIECE = 7;

    private Streams() {}

    /** The events of the Messages API, a ping among them. */
    static String anthropic(String whole) {
        ObjectNode message = Json.read(whole, ObjectNode.class);
        ObjectNode begun = message.deepCopy();
        begun.putArray("content");
        begun.putNull("stop_reason");
        begun.withObject("/usage").put("output_tokens", 1);
        List<JsonNode> events = new ArrayList<>();
        events.add(event("message_start").set("message", begun));
        events.add(event("ping"));
        int index = 0;
        for (JsonNode block : message.path("content")) {
            block(events, block.deepCopy(), index++);
        }
        ObjectNode delta = event("message_delta");
        delta.putObject("delta").set("stop_reason", message.path("stop_reason"));
        delta.putObject("usage")
                .put("output_tokens", message.at("/usage/output_tokens").asLong());
        events.add(delta);
        events.add(event("message_stop"));
        StringBuilder text = new StringBuilder();
        events.forEach(e -> text.append("event: ")
                .append(e.path("type").asText())
                .append("\ndata: ")
                .append(e)
                .append("\n\n"));
        return text.toString();
    }

    private static void block(List<JsonNode> events, ObjectNode block, int index) {
        String type = block.path("type").asText();
        List<ObjectNode> deltas = new ArrayList<>();
        if (type.equals("text")) {
            pieces(block.path("text").asText()).forEach(p -> deltas.add(delta("text_delta", "text", p)));
            block.put("text", "");
        } else if (block.has("input")) {
            pieces(block.path("input").isEmpty() ? "" : block.path("input").toString())
                    .forEach(p -> deltas.add(delta("input_json_delta", "partial_json", p)));
            block.putObject("input");
        }
        events.add(event("content_block_start").put("index", index).set("content_block", block));
        deltas.forEach(
                d -> events.add(event("content_block_delta").put("index", index).set("delta", d)));
        events.add(event("content_block_stop").put("index", index));
    }

    /** The chunks of chat completions, the figures in the last. */
    static String openai(String whole) {
        JsonNode answer = Json.read(whole, JsonNode.class);
        JsonNode choice = answer.at("/choices/0");
        List<ObjectNode> chunks = new ArrayList<>();
        pieces(choice.at("/message/content").asText("")).forEach(p -> chunks.add(chunk(answer, p, null)));
        int index = 0;
        for (JsonNode call : choice.at("/message/tool_calls")) {
            ObjectNode first = Json.MAPPER.createObjectNode().put("index", index);
            first.put("id", call.path("id").asText()).put("type", "function");
            first.putObject("function")
                    .put("name", call.at("/function/name").asText())
                    .put("arguments", "");
            chunks.add(chunk(answer, null, first));
            for (String piece : pieces(call.at("/function/arguments").asText())) {
                ObjectNode more = Json.MAPPER.createObjectNode().put("index", index);
                more.putObject("function").put("arguments", piece);
                chunks.add(chunk(answer, null, more));
            }
            index++;
        }
        ObjectNode end = chunk(answer, null, null);
        ((ObjectNode) end.at("/choices/0")).set("finish_reason", choice.path("finish_reason"));
        chunks.add(end);
        ObjectNode figures = chunk(answer, null, null);
        figures.putArray("choices");
        chunks.add(figures.set("usage", answer.path("usage")));
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append("data: ").append(chunk).append("\n\n"));
        return text.append("data: [DONE]\n\n").toString();
    }

    private static ObjectNode chunk(JsonNode answer, @Nullable String content, @Nullable ObjectNode call) {
        ObjectNode chunk = Json.MAPPER.createObjectNode().put("object", "chat.completion.chunk");
        chunk.set("id", answer.path("id"));
        chunk.set("model", answer.path("model"));
        ObjectNode choice =
                chunk.putArray("choices").addObject().put("index", 0).putNull("finish_reason");
        ObjectNode delta = choice.putObject("delta");
        if (content != null) {
            delta.put("content", content);
        }
        if (call != null) {
            delta.putArray("tool_calls").add(call);
        }
        return chunk;
    }

    /** Lines; what it calls comes whole in one of them. */
    static String ollama(String whole) {
        ObjectNode last = Json.read(whole, ObjectNode.class);
        StringBuilder text = new StringBuilder();
        for (String piece : pieces(last.at("/message/content").asText())) {
            ObjectNode line = Json.MAPPER.createObjectNode().put("done", false);
            line.putObject("message").put("role", "assistant").put("content", piece);
            text.append(line).append('\n');
        }
        ObjectNode calls = Json.MAPPER.createObjectNode().put("done", false);
        calls.putObject("message")
                .put("role", "assistant")
                .put("content", "")
                .set("tool_calls", last.at("/message/tool_calls"));
        last.putObject("message").put("role", "assistant").put("content", "");
        return text.append(calls).append('\n').append(last).append('\n').toString();
    }

    private static ObjectNode event(String type) {
        return Json.MAPPER.createObjectNode().put("type", type);
    }

    private static ObjectNode delta(String type, String name, String piece) {
        return event(type).put(name, piece);
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); at += PIECE) {
            pieces.add(text.substring(at, Math.min(text.length(), at + PIECE)));
        }
        return pieces;
    }
}
