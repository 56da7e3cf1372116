package org.capitania.registry.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.capitania.contract.Json;

/**
 * Reads the usage figures out of an answer while its bytes go by: one JSON document, server-sent events, or JSON lines. What it cannot
 * read it lets pass; the bytes are the caller's.
 */
final class UsageReader {
    private static final int LONGEST_DOCUMENT = 32 * 1024 * 1024;
    private static final int LONGEST_LINE = 1024 * 1024;

    /** Types of events that have the last figures, or come after them. */
    private static final Set<String> LAST =
            Set.of("message_delta", "message_stop", "response.completed", "response.incomplete");

    private final boolean lines;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private Usage usage = Usage.NONE;
    private boolean ended;
    private boolean failed;

    /** Prepares for an answer of this content type. */
    UsageReader(String contentType) {
        this.lines = contentType.startsWith("text/event-stream") || contentType.startsWith("application/x-ndjson");
    }

    void accept(byte[] bytes, int length) {
        if (!lines) {
            if (pending.size() + length <= LONGEST_DOCUMENT) {
                pending.write(bytes, 0, length);
            }
            return;
        }
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i - from);
                line();
                from = i + 1;
            }
        }
        keep(bytes, from, length - from);
    }

    private void keep(byte[] bytes, int from, int length) {
        if (pending.size() + length <= LONGEST_LINE) {
            pending.write(bytes, from, length);
        }
    }

    /** The figures; {@link Usage#NONE} when the answer held none. */
    Usage end() {
        line();
        return usage;
    }

    /** Whether the figures are the last: a stream must have told its end, and not that it failed. */
    boolean ended() {
        return !lines || (ended && !failed);
    }

    private void line() {
        String text = pending.toString(StandardCharsets.UTF_8).strip();
        pending.reset();
        if (text.startsWith("data:")) {
            text = text.substring("data:".length()).strip();
        }
        if (!text.startsWith("{")) {
            return;
        }
        try {
            JsonNode json = Json.MAPPER.readTree(text);
            usage = usage.max(of(json));
            ended |= LAST.contains(json.path("type").asText())
                    || json.path("done").asBoolean()
                    || json.at("/choices/0").hasNonNull("finish_reason");
            failed |= json.hasNonNull("error");
        } catch (JsonProcessingException e) {
            // A cut-off answer: what was counted before stands.
            return;
        }
    }

    /** Knows the figures of the Messages API, of chat completions, of responses, and of Ollama. */
    private static Usage of(JsonNode json) {
        JsonNode u = json.path("usage");
        if (u.isMissingNode() || u.isNull()) {
            u = json.at("/message/usage");
        }
        if (u.isMissingNode() || u.isNull()) {
            u = json.at("/response/usage");
        }
        if (json.has("eval_count") || json.has("prompt_eval_count")) {
            return new Usage(
                    json.path("prompt_eval_count").asLong(),
                    json.path("eval_count").asLong(),
                    0,
                    0);
        }
        if (u.has("prompt_tokens") || u.has("completion_tokens")) {
            long cached = u.at("/prompt_tokens_details/cached_tokens").asLong();
            return new Usage(
                    Math.max(0, u.path("prompt_tokens").asLong() - cached),
                    u.path("completion_tokens").asLong(),
                    cached,
                    0);
        }
        long cachedInput = u.at("/input_tokens_details/cached_tokens").asLong();
        return new Usage(
                Math.max(0, u.path("input_tokens").asLong() - cachedInput),
                u.path("output_tokens").asLong(),
                u.path("cache_read_input_tokens").asLong() + cachedInput,
                u.path("cache_creation_input_tokens").asLong());
    }
}
