package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UsageReaderTest {

    @Test
    void shouldReadTheFiguresWhenTheAnswerIsOneDocument() {
        assertThat(
                        read(
                                "application/json",
                                7,
                                "{\"usage\":{\"input_tokens\":12,\"output_tokens\":5,\"cache_read_input_tokens\":100,\"cache_creation_input_tokens\":30}}"))
                .isEqualTo(new Usage(12, 5, 100, 30));
        assertThat(
                        read(
                                "application/json",
                                9,
                                "{\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":20}}}"))
                .isEqualTo(new Usage(30, 7, 20, 0));
        assertThat(read("application/json", 100, "{\"done\":true,\"prompt_eval_count\":9,\"eval_count\":4}"))
                .isEqualTo(new Usage(9, 4, 0, 0));
    }

    @Test
    void shouldReadTheLastFiguresWhenTheAnswerIsAStream() {
        String stream = """
                event: message_start
                data: {"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1,"cache_read_input_tokens":3}}}

                event: content_block_delta
                data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"usage"}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":42}}

                data: [DONE]
                """;
        for (int piece : new int[] {1, 13, 4096}) {
            assertThat(read("text/event-stream; charset=utf-8", piece, stream)).isEqualTo(new Usage(25, 42, 3, 0));
        }
    }

    @Test
    void shouldKeepWhatWasCountedWhenTheAnswerIsCutOff() {
        assertThat(read("application/json", 10, "{\"usage\":{\"input_to")).isEqualTo(Usage.NONE);
        assertThat(read("text/event-stream", 10, "data: {\"usage\":{\"input_tokens\":5}}\ndata: {\"usa"))
                .isEqualTo(new Usage(5, 0, 0, 0));
    }

    @Test
    void shouldKnowWhetherTheFiguresAreTheLast() {
        String begun = "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5}}}\n";
        String last = "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":7}}\n";
        assertThat(ended("text/event-stream", begun)).isFalse();
        assertThat(ended("text/event-stream", begun + last)).isTrue();
        assertThat(ended("text/event-stream", begun + last + "data: {\"type\":\"error\",\"error\":{}}\n"))
                .isFalse();
        assertThat(ended("text/event-stream", "data: {\"choices\":[{\"finish_reason\":null}]}\n"))
                .isFalse();
        assertThat(ended("text/event-stream", "data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"error\":null}\n"))
                .isTrue();
        assertThat(ended("application/x-ndjson", "{\"done\":false}\n")).isFalse();
        assertThat(ended("application/x-ndjson", "{\"done\":false}\n{\"done\":true,\"eval_count\":4}\n"))
                .isTrue();
        assertThat(ended("application/json", "{}")).isTrue();
    }

    private static boolean ended(String type, String text) {
        UsageReader reader = new UsageReader(type);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reader.accept(bytes, bytes.length);
        reader.end();
        return reader.ended();
    }

    @Test
    void shouldPriceTheDearestWhenAModelIsUnknown() {
        Prices prices = new Prices();
        Usage usage = new Usage(1_000_000, 0, 0, 0);
        assertThat(prices.cost("anthropic", "claude-haiku-4-5", usage)).isEqualByComparingTo("1");
        assertThat(prices.cost("anthropic", "claude-from-the-future", usage)).isEqualByComparingTo("15");
        assertThat(prices.cost("ollama", "qwen3", usage)).isEqualByComparingTo(BigDecimal.ZERO);
    }

    private static Usage read(String type, int piece, String text) {
        UsageReader reader = new UsageReader(type);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            int length = Math.min(piece, bytes.length - at);
            byte[] part = new byte[length];
            System.arraycopy(bytes, at, part, 0, length);
            reader.accept(part, length);
        }
        return reader.end();
    }
}
