package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a provider is asked for an answer piece by piece, and how the pieces are put together. */
enum Dialect {
    ANTHROPIC,
    OPENAI,
    OLLAMA;

    /** Makes a request for a whole answer one for a stream. */
    void stream(ObjectNode request) {
        request.put("stream", true);
        if (this == OPENAI) {
            // Without it a stream has no figures, and what was set aside for it would be spent.
            request.putObject("stream_options").put("include_usage", true);
        }
    }

    AnswerPieces pieces() {
        return switch (this) {
            case ANTHROPIC -> new AnthropicPieces();
            case OPENAI -> new OpenAiPieces();
            case OLLAMA -> new OllamaPieces();
        };
    }
}
