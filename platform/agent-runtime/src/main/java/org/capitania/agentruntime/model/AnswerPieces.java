package org.capitania.agentruntime.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.contract.Json;

/** Puts a streamed answer together as the provider would have sent it whole: one reading serves both. */
sealed interface AnswerPieces permits AnthropicPieces, OpenAiPieces, OllamaPieces {
    /** Takes the next event; the words in it for people, empty when there are none. */
    String take(JsonNode event);

    /** The answer, once its end has come. */
    Optional<ObjectNode> whole();

    /** Reads server-sent events or JSON lines to their end; what breaks off or fails is a {@link ModelFailure}. */
    static String read(InputStream in, AnswerPieces pieces, Consumer<String> said) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String data = (line.startsWith("data:") ? line.substring("data:".length()) : line).strip();
            if (data.startsWith("{")) {
                JsonNode event = event(data);
                if (event.hasNonNull("error")) {
                    throw failure(event.path("error"));
                }
                String words = pieces.take(event);
                if (!words.isEmpty()) {
                    said.accept(words);
                }
            }
        }
        return Json.write(pieces.whole().orElseThrow(() -> cutOff("the provider's answer ends before its end")));
    }

    static ModelFailure cutOff(String why) {
        return new ModelFailure(Kind.CUT_OFF, why, null, null);
    }

    private static JsonNode event(String data) {
        try {
            return Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            throw cutOff("the provider's answer ends in the middle of its JSON");
        }
    }

    /** What a provider, or tool-registry for it, says in the place of the rest of an answer. */
    private static ModelFailure failure(JsonNode error) {
        Kind kind = switch (error.path("type").asText()) {
            case "stalled" -> Kind.STALLED;
            case "overloaded_error" -> Kind.OVERLOADED;
            case "rate_limit_error" -> Kind.RATE_LIMITED;
            case "timeout_error" -> Kind.TIMEOUT;
            case "authentication_error", "permission_error" -> Kind.SIGN_IN;
            case "invalid_request_error", "not_found_error", "request_too_large" -> Kind.BAD_REQUEST;
            default -> Kind.SERVER;
        };
        return new ModelFailure(kind, "the provider broke off its answer: " + GatewayHttp.brief(error), null, null);
    }
}
