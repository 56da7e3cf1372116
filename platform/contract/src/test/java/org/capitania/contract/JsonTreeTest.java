package org.capitania.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"b\":[true,false,null,\"é\\n\\\"\\u0000🍞\"],\"c\":{\"d\":{}},\"e\":[]}",
                "[2147483647,2147483648,-9223372036854775808,9223372036854775808,1.5,1e300,0.1,-0.0]",
                "\"alone\"",
                "17",
                "null",
                "{\"twice\":1,\"twice\":2}",
                "{\"a\":1} and what follows"
            })
    void shouldReadAndWriteAsTheMapperDoes(String json) throws IOException {
        JsonNode tree = JsonTree.read(bytes(json));

        assertThat(tree).isEqualTo(Json.MAPPER.readTree(bytes(json)));
        assertThat(JsonTree.bytes(tree)).isEqualTo(Json.bytes(tree));
        assertThat(JsonTree.text(tree)).isEqualTo(Json.write(tree));
    }

    @Test
    void shouldAnswerAMissingNodeWhereThereIsNothing() throws IOException {
        assertThat(JsonTree.read(bytes(" ")).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"a\":}", "<html>", "]", "{\"a\" 1}"})
    void shouldRefuseWhatIsNoJson(String text) {
        assertThatThrownBy(() -> JsonTree.read(bytes(text))).isInstanceOf(JsonProcessingException.class);
    }
}
