package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class ToolArgumentsTest {
    private static final JsonNode TOOL = Json.read("""
            {"input_schema":{"type":"object","required":["query"],"properties":{"query":{"type":"string"},"limit":{"type":"integer"},
             "types":{"type":"array"},"deep":{"type":"boolean"},"where":{"type":"object"}}}}""", JsonNode.class);

    private static String parse(String... words) {
        return arguments(TOOL).parse(List.of(words)).toString();
    }

    private static ToolArguments arguments(JsonNode tool) {
        return new ToolArguments(
                tool,
                new Environment(
                        Path.of(""),
                        Path.of("src/test/resources"),
                        Map.of(),
                        System.out,
                        System.err,
                        Environment.Terminal.NONE,
                        Clock.fixed(CannedFleet.NOW, ZoneOffset.UTC)));
    }

    @Test
    void shouldTypeOptionsByTheSchema() {
        assertThat(parse("--query", "12", "--limit", "12", "--deep", "--types=[\"a\"]", "--where", "{\"a\":1}"))
                .isEqualTo("{\"query\":\"12\",\"limit\":12,\"deep\":true,\"types\":[\"a\"],\"where\":{\"a\":1}}");
    }

    @Test
    void shouldLeaveTheWordBehindAnOptionThatIsTrueByItself() {
        assertThat(parse("--deep", "late", "--limit", "2")).isEqualTo("{\"deep\":true,\"limit\":2,\"query\":\"late\"}");
        assertThat(parse("--deep", "false", "late")).isEqualTo("{\"deep\":false,\"query\":\"late\"}");
    }

    @Test
    void shouldAskForTheValueOfAnOptionThatIsNotTrueByItself() {
        assertThatThrownBy(() -> parse("--query", "--deep")).hasMessageContaining("--query needs a value behind it");
        assertThatThrownBy(() -> parse("late", "--limit")).hasMessageContaining("--limit needs a value behind it");
    }

    @Test
    void shouldTakeWordsWithoutAnOptionForTheRequiredArgument() {
        assertThat(parse("late", "invoices", "--limit", "2")).isEqualTo("{\"limit\":2,\"query\":\"late invoices\"}");
    }

    @Test
    void shouldTakeWordsForWhatTheActionRequires() {
        ToolArguments task = arguments(Json.read("""
                        {"input_schema":{"required":["action"],"properties":{"action":{"enum":["assign"]},"ref":{"type":"string"},
                         "driver":{"type":"string"}}},"actions":[{"name":"assign","requires":["ref","driver"]}]}""", JsonNode.class));
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
    void shouldTakeTheWordsOfAPromptForWhatTheyMean() {
        ToolArguments log = arguments(Json.read("""
                {"prompt":{"actions":{"profile":"show"},"options":{"owner":"driver","kind":"props/kind"},"defaults":{"summary":"subject"},
                           "not_yet":{"impact":"It comes later."}},
                 "input_schema":{"properties":{"action":{"enum":["show"]},"driver":{"type":"string"},"summary":{"type":"string"},"subject":{"type":"string"},
                  "props":{"type":"object","properties":{"kind":{"enum":["organization","person","venture"]}}}}}}""", JsonNode.class));
        assertThat(log.parse(List.of("profile", "--owner", "chief", "--kind=org", "--subject", "Prices"))
                        .toString())
                .isEqualTo(
                        "{\"driver\":\"chief\",\"props\":{\"kind\":\"organization\"},\"subject\":\"Prices\",\"action\":\"show\",\"summary\":\"Prices\"}");
        assertThatThrownBy(() -> log.parse(List.of("show", "--impact", "high")))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("--impact is not available yet: It comes later.");
    }

    @Test
    void shouldTakeWordsForWhatThePromptSaysTheyMean() {
        ToolArguments memory = arguments(Json.read("""
                {"prompt":{"words":{"search":"query"}},"input_schema":{"properties":{"action":{"enum":["search","tend"]},
                 "role":{"type":"string"},"query":{"type":"string"}}},"actions":[{"name":"tend","requires":["role"]}]}""", JsonNode.class));
        assertThat(memory.parse(List.of("search", "late", "--role", "chief", "bread"))
                        .toString())
                .isEqualTo("{\"role\":\"chief\",\"action\":\"search\",\"query\":\"late bread\"}");
        assertThat(memory.parse(List.of("search", "--role", "chief")).has("query"))
                .isFalse();
        assertThatThrownBy(() -> memory.parse(List.of("tend", "chief", "bread", "--query", "late", "--role", "chief")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("chief bread");
    }

    @Test
    void shouldReadTimesAsPeopleSayThemAndTextsFromFiles() {
        ToolArguments task = arguments(Json.read("""
                {"input_schema":{"properties":{"due_at":{"type":"string","format":"date-time"},"since":{"type":"string","format":"date-time"},
                 "body":{"type":"string"}}}}""", JsonNode.class));
        assertThat(task.parse(List.of("--due-at", "2h", "--since", "1d")).toString())
                .isEqualTo("{\"due_at\":\"2026-03-01T14:00:00Z\",\"since\":\"2026-02-28T12:00:00Z\"}");
        assertThat(task.parse(List.of("--body-file", "chapter-28.txt"))
                        .get("body")
                        .asText())
                .startsWith("# Every verb of chapter 28");
        assertThatThrownBy(() -> task.parse(List.of("--body-file", "absent.md")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("absent.md");
        assertThatThrownBy(() -> task.parse(List.of("--due-at", "soon"))).isInstanceOf(Failure.class);
    }

    @Test
    void shouldNameTheOptionsThereAreWhenOneIsUnknown() {
        assertThatThrownBy(() -> parse("--colour", "red"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.hint()).contains("--limit"));
        for (String wrong : List.of("few", "5 x", "")) {
            assertThatThrownBy(() -> parse("--limit", wrong))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(wrong);
        }
    }
}
