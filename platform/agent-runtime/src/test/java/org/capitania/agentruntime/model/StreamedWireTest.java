package org.capitania.agentruntime.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.transcript.Reply;
import org.junit.jupiter.api.Test;

/** Answers that come piece by piece, in the providers' own forms, and every way in which one does not come to its end. */
class StreamedWireTest extends ProviderStub {
    private static final String SAID = ANTHROPIC_TOOL_USE.replace("I read the thread first.", "Olá, Ana! I read it.");
    private static final String OPENAI_SAID = OPENAI_TOOL_CALL.replace("\"content\":null", "\"content\":\"Olá, Ana!\"");
    private static final String OLLAMA_SAID = OLLAMA_TOOL_CALL.replace("\"content\":\"\"", "\"content\":\"Olá, Ana!\"");

    private final Map<String, List<String>> heard = new LinkedHashMap<>();

    @Test
    void shouldMakeTheSameOfAStreamAsOfAWholeAnswer() {
        for (String whole : List.of(SAID, ANTHROPIC_TOOL_USE, ANTHROPIC_CUT, ToolSearchWireTest.SEARCHED)) {
            assertSame(ANTHROPIC, whole, events(Streams.anthropic(whole)));
        }
        for (String whole : List.of(OPENAI_SAID, OPENAI_TOOL_CALL, OPENAI_CUT)) {
            assertSame(OPENAI, whole, events(Streams.openai(whole)));
        }
        for (String whole : List.of(OLLAMA_SAID, OLLAMA_TOOL_CALL)) {
            assertSame(
                    OLLAMA,
                    whole,
                    aResponse()
                            .withHeader("Content-Type", "application/x-ndjson")
                            .withBody(Streams.ollama(whole)));
        }
        assertThat(sent(ANTHROPIC).path("stream").asBoolean()).isTrue();
        assertThat(sent(OPENAI).at("/stream_options/include_usage").asBoolean()).isTrue();
        assertThat(sent(OLLAMA).path("stream").asBoolean()).isTrue();
    }

    private void assertSame(String path, String whole, ResponseDefinitionBuilder stream) {
        answer(path, json(200, whole));
        Reply expected = model(path).reply(request());
        answer(path, stream);
        heard.clear();

        Reply streamed = model(path).reply(request(), this::hear);

        assertThat(streamed).isEqualTo(expected);
        assertThat(String.join("", heard.getOrDefault("s1:1:model", List.of())))
                .isEqualTo(expected.text().strip());
    }

    @Test
    void shouldBePatientWithAnAnswerThatIsSlowAndPayForItOnce() {
        // Given: all of it takes longer than its beginning, or any piece of it, may
        answer(ANTHROPIC, events(Streams.anthropic(SAID)).withChunkedDribbleDelay(30, 3_000));

        assertThat(model(ANTHROPIC).reply(request(), this::hear).calls()).hasSize(1);

        assertThat(stub.findAll(postRequestedFor(urlEqualTo(ANTHROPIC)))).hasSize(1);
        assertThat(heard.get("s1:1:model")).hasSizeGreaterThan(2);
    }

    @Test
    void shouldEndWithATypeWhenAStreamStopsComing() {
        answer(ANTHROPIC, events(Streams.anthropic(SAID)).withChunkedDribbleDelay(4, 4_000));

        assertFails(Kind.STALLED);

        // And: also where the gateway has noticed first
        stub.resetAll();
        answer(
                ANTHROPIC,
                events(
                        half(SAID)
                                + "\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"stalled\",\"message\":\"nothing came\"}}\n\n"));
        assertFails(Kind.STALLED);
    }

    @Test
    void shouldTakeNoHalfAnswerForAWholeOne() {
        for (String whole : List.of(SAID, ANTHROPIC_TOOL_USE)) {
            String stream = Streams.anthropic(whole);
            for (String cut : List.of(
                    half(whole),
                    stream.substring(0, stream.indexOf("event: message_stop")),
                    "data: {\"type\":\"mess")) {
                stub.resetAll();
                answer(ANTHROPIC, events(cut));
                assertFails(Kind.CUT_OFF);
            }
        }
        answer(OPENAI, events(Streams.openai(OPENAI_SAID).split("\"finish_reason\":\"tool_calls\"")[0]));
        assertThat(failure(OPENAI).kind()).isEqualTo(Kind.CUT_OFF);
        answer(
                OLLAMA,
                aResponse()
                        .withHeader("Content-Type", "application/x-ndjson")
                        .withBody(
                                Streams.ollama(OLLAMA_SAID).lines().findFirst().orElseThrow() + "\n"));
        assertThat(failure(OLLAMA).kind()).isEqualTo(Kind.CUT_OFF);
    }

    @Test
    void shouldMakeNoCallWhoseInputCameInPieces() {
        String torn = Streams.anthropic(ANTHROPIC_TOOL_USE).replace("1\\\"}", "1");
        assertThat(torn).isNotEqualTo(Streams.anthropic(ANTHROPIC_TOOL_USE));
        answer(ANTHROPIC, events(torn));

        assertFails(Kind.CUT_OFF);

        // Then: but at the output limit it is what the limit did
        answer(ANTHROPIC, events(torn.replace("\"stop_reason\":\"tool_use\"", "\"stop_reason\":\"max_tokens\"")));
        assertThat(model(ANTHROPIC).reply(request()).finish()).isEqualTo(Reply.Finish.LENGTH);
    }

    @Test
    void shouldHearTheProviderWhenItBreaksOffAndBeginAnew() {
        String error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"no\"}}\n\n";
        for (Map.Entry<String, Kind> each : Map.of(
                        "overloaded_error", Kind.OVERLOADED,
                        "rate_limit_error", Kind.RATE_LIMITED,
                        "api_error", Kind.SERVER)
                .entrySet()) {
            stub.resetAll();
            answer(ANTHROPIC, events(half(SAID) + "\n\n" + error.formatted(each.getKey())));
            assertFails(each.getValue());
        }
        assertThat(heard.keySet())
                .as("each attempt is heard as one of its own")
                .contains("s1:1:model", "s1:1:model-r1");
    }

    private void assertFails(Kind kind) {
        assertThat(failure(ANTHROPIC).kind()).isEqualTo(kind);
        assertThat(stub.findAll(postRequestedFor(urlEqualTo(ANTHROPIC))))
                .as("tried again, not for ever")
                .hasSize(4);
    }

    private ModelFailure failure(String path) {
        return catchThrowableOfType(ModelFailure.class, () -> model(path).reply(request(), this::hear));
    }

    private void hear(String callId, String piece) {
        heard.computeIfAbsent(callId, id -> new ArrayList<>()).add(piece);
    }

    private Model model(String path) {
        return switch (path) {
            case ANTHROPIC -> providers().anthropic();
            case OPENAI -> providers().openai();
            default -> providers().ollama();
        };
    }

    private static String half(String whole) {
        String stream = Streams.anthropic(whole);
        return stream.substring(0, stream.lastIndexOf("event: content_block_delta"));
    }

    private static ResponseDefinitionBuilder events(String text) {
        return aResponse()
                .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                .withBody(text);
    }
}
