package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Anthropic answer in which it looked for tools. Its client has no words for them and leaves them out of the history; there
 * they are what shows the model the tools that were found, so they are kept as they came and put back where they were.
 *
 * @param paused whether the provider waits for nothing but to be asked again with what it has said
 * @param content of the answer, when something in it is a search; null for every other
 */
record SearchBlocks(boolean paused, @Nullable JsonNode content) {
    private static final String SEARCHES = "server_tool_use";
    private static final String FOUND = "_tool_result";
    private static final String PAUSED = "pause_turn";

    private static final SearchBlocks NONE = new SearchBlocks(false, null);

    /** Reads an answer; one of another provider has none. */
    static SearchBlocks of(ChatResponse response) {
        SuccessfulHttpResponse raw = response.metadata() instanceof AnthropicChatResponseMetadata metadata
                ? metadata.rawHttpResponse()
                : null;
        if (raw == null) {
            return NONE;
        }
        JsonNode answer = Json.read(raw.body(), JsonNode.class);
        String stopped = answer.path("stop_reason").asText();
        return new SearchBlocks(
                stopped.equals(PAUSED),
                kept(answer.path("content"), stopped.equals("tool_use") || stopped.equals(PAUSED)));
    }

    private static @Nullable JsonNode kept(JsonNode content, boolean waits) {
        Set<String> answered = new HashSet<>();
        content.forEach(block -> answered.add(block.path("tool_use_id").asText()));
        ArrayNode kept = Json.MAPPER.createArrayNode();
        boolean searched = false;
        for (JsonNode block : content) {
            String type = block.path("type").asText();
            boolean search = type.equals(SEARCHES);
            searched |= search || type.endsWith(FOUND);
            // A search beside a call of ours is answered after that call, one of a paused answer when that goes on.
            // One that was cut off is never answered, and would be refused in a history.
            boolean open =
                    search && !waits && !answered.contains(block.path("id").asText());
            boolean empty = type.equals("text") && block.path("text").asText().isBlank();
            if (!open && !empty) {
                kept.add(block);
            }
        }
        return searched && !kept.isEmpty() ? kept : null;
    }

    /** Puts the blocks back into the replies they were in; those of an answer that paused and went on are one again. */
    static void restore(ObjectNode request, Transcript transcript) {
        List<Reply> replies = transcript.replies();
        if (replies.stream().allMatch(reply -> reply.blocks() == null)) {
            return;
        }
        ArrayNode messages = Json.MAPPER.createArrayNode();
        ArrayNode paused = null;
        int next = 0;
        for (JsonNode message : request.path("messages")) {
            if (!message.path("role").asText().equals("assistant")) {
                messages.add(message);
                continue;
            }
            Reply reply = replies.get(next++);
            ArrayNode content = Json.MAPPER.createArrayNode();
            (reply.blocks() == null ? message.path("content") : reply.blocks()).forEach(content::add);
            if (paused == null) {
                ((ObjectNode) message).set("content", content);
                messages.add(message);
            } else {
                content = paused.addAll(content);
            }
            paused = reply.finish() == Reply.Finish.PAUSED ? content : null;
        }
        request.set("messages", messages);
    }
}
