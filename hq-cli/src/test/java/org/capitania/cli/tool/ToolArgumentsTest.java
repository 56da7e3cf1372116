package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.capitania.cli.Failure;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class ToolArgumentsTest {
    private static final JsonNode SCHEMA = Json.read("""
            {"type":"object","required":["query"],"properties":{"query":{"type":"string"},"limit":{"type":"integer"},
             "types":{"type":"array"},"deep":{"type":"boolean"},"where":{"type":"object"}}}""", JsonNode.class);

    private static String parse(String... words) {
        return new ToolArguments(SCHEMA, JsonNodeFactory.instance.arrayNode())
                .parse(List.of(words))
                .toString();
    }

    @Test
    void shouldTypeOptionsByTheSchema() {
        assertThat(parse("--query", "12", "--limit", "12", "--deep", "--types=[\"a\"]", "--where", "{\"a\":1}"))
                .isEqualTo("{\"query\":\"12\",\"limit\":12,\"deep\":true,\"types\":[\"a\"],\"where\":{\"a\":1}}");
    }

    @Test
    void shouldTakeWordsWithoutAnOptionForTheRequiredArgument() {
        assertThat(parse("late", "invoices", "--limit", "2")).isEqualTo("{\"limit\":2,\"query\":\"late invoices\"}");
    }

    @Test
    void shouldTakeWordsForWhatTheActionRequires() {
        ToolArguments task = new ToolArguments(
                Json.read("""
                        {"required":["action"],"properties":{"action":{"enum":["assign"]},"ref":{"type":"string"},
                         "driver":{"type":"string"}}}""", JsonNode.class),
                Json.read("[{\"name\":\"assign\",\"requires\":[\"ref\",\"driver\"]}]", JsonNode.class));
        String expected = "{\"action\":\"assign\",\"ref\":\"task:a\",\"driver\":\"owner\"}";
        assertThat(task.parse(List.of("assign", "task:a", "owner")).toString()).isEqualTo(expected);
        assertThat(task.parse(List.of("assign", "task:a", "--driver", "owner"))
                        .get("ref")
                        .asText())
                .isEqualTo("task:a");
        assertThatThrownBy(() -> task.parse(List.of("assign", "a", "--driver", "b", "--ref", "c", "d")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("a d");
    }

    @Test
    void shouldNameTheOptionsThereAreWhenOneIsUnknown() {
        assertThatThrownBy(() -> parse("--colour", "red"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--limit");
        assertThatThrownBy(() -> parse("--limit", "few"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("few");
    }
}
