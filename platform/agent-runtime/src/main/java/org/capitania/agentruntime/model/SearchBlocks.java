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
 */
final class SearchBlocks {
    private static final String SEARCHES = "server_tool_use";
    private static final String FOUND = "_tool_result";

    private SearchBlocks() {}

    /** The content of an answer when something in it is a search; null for every other. */
    static @Nullable JsonNode of(ChatResponse response) {
        SuccessfulHttpResponse raw = response.metadata() instanceof AnthropicChatResponseMetadata metadata
                ? metadata.rawHttpResponse()
                : null;
        if (raw == null) {
            return null;
        }
        JsonNode answer = Json.read(raw.body(), JsonNode.class);
        boolean waits = answer.path("stop_reason").asText().equals("tool_use");
        Set<String> answered = new HashSet<>();
        answer.path("content")
                .forEach(block -> answered.add(block.path("tool_use_id").asText()));
        ArrayNode kept = Json.MAPPER.createArrayNode();
        boolean searched = false;
        for (JsonNode block : answer.path("content")) {
            String type = block.path("type").asText();
            boolean search = type.equals(SEARCHES);
            searched |= search || type.endsWith(FOUND);
            // A search beside a call of ours is answered after that call; one that was cut off is answered never, and
            // refused in a history.
            boolean open =
                    search && !waits && !answered.contains(block.path("id").asText());
            boolean empty = type.equals("text") && block.path("text").asText().isBlank();
            if (!open && !empty) {
                kept.add(block);
            }
        }
        return searched && !kept.isEmpty() ? kept : null;
    }

    /** A request with the blocks back in the replies they were in. */
    static String restore(String body, Transcript transcript) {
        List<Reply> replies = transcript.replies();
        if (replies.stream().allMatch(reply -> reply.blocks() == null)) {
            return body;
        }
        JsonNode request = Json.read(body, JsonNode.class);
        int next = 0;
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("assistant")) {
                JsonNode blocks = replies.get(next++).blocks();
                if (blocks != null) {
                    ((ObjectNode) message).set("content", blocks);
                }
            }
        }
        return Json.write(request);
    }
}
