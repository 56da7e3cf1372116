package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.contract.Json;

/** How a provider is asked for an answer piece by piece, and how the pieces are put together. */
enum Dialect {
    ANTHROPIC,
    OPENAI,
    OLLAMA;

    /** A request for a whole answer, as one for a stream. */
    String streamed(String body) {
        ObjectNode request = Json.read(body, ObjectNode.class).put("stream", true);
        if (this == OPENAI) {
            // Without it a stream has no figures, and what was set aside for it would be spent.
            request.putObject("stream_options").put("include_usage", true);
        }
        return Json.write(request);
    }

    AnswerPieces pieces() {
        return switch (this) {
            case ANTHROPIC -> new AnthropicPieces();
            case OPENAI -> new OpenAiPieces();
            case OLLAMA -> new OllamaPieces();
        };
    }
}
